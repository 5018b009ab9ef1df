import { withVersion, type ClientSetup } from '../client-setup.ts'

export const langchain: ClientSetup = {
  name: 'langchain',
  title: 'LangChain',
  api: 'chat',
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'program',
      title: 'openai.py',
      language: 'python',
      text: `from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="${model}", base_url="${withVersion(origin)}", api_key="${key}")
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
  apiKey: '${key}',
  configuration: { baseURL: '${withVersion(origin)}' },
})
console.log((await model.invoke('Say hello.')).content)
`,
    },
  ],
  rivals: [],
  remarks: [],
}
