import { withVersion, type ClientSetup } from '../client-setup.ts'
import { put } from '../mark-slots.ts'

export const langchain: ClientSetup = {
  name: 'langchain',
  title: 'LangChain',
  api: 'chat',
  keyHeader: 'authorization',
  streams: false,
  programs: ['OpenAI', 'AsyncOpenAI', 'langchain'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'program',
      title: 'openai.py',
      language: 'python',
      text: `from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="${model}", base_url=${put('json', withVersion(origin))}, api_key=${put('json', key)})
print(model.invoke("Say hello.").content)
`,
    },
    {
      kind: 'program',
      title: 'openai.js',
      language: 'js',
      text: `import { ChatOpenAI } from '@langchain/openai'

const model = new ChatOpenAI({
  model: '${model}',
  apiKey: ${put('js', key)},
  configuration: { baseURL: ${put('js', withVersion(origin))} },
})
console.log((await model.invoke('Say hello.')).content)
`,
    },
  ],
  rivals: [],
  remarks: [],
}
