import { withVersion, type ClientSetup } from '../client-setup.ts'
import { put } from '../mark-slots.ts'

export const openaiSdk: ClientSetup = {
  name: 'openai-sdk',
  title: 'OpenAI SDKs',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['OpenAI', 'AsyncOpenAI'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'variables',
      title: 'environment',
      form: 'env',
      variables: { OPENAI_BASE_URL: withVersion(origin), OPENAI_API_KEY: key },
    },
    {
      kind: 'program',
      title: 'chat.ts',
      language: 'ts',
      text: `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: ${put('js', withVersion(origin))}, apiKey: ${put('js', key)} })
const stream = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Say hello.' }],
  stream: true,
})
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
`,
    },
    {
      kind: 'program',
      title: 'responses.py',
      language: 'python',
      text: `from openai import OpenAI

client = OpenAI(base_url=${put('json', withVersion(origin))}, api_key=${put('json', key)})
answer = client.responses.create(model="${model}", input="Say hello.")
print(answer.output_text)
`,
    },
  ],
  rivals: [],
  remarks: [],
}
