import { withVersion, type ClientSetup } from '../client-setup.ts'
import { put } from '../mark-slots.ts'

export const aiSdk: ClientSetup = {
  name: 'ai-sdk',
  title: 'Vercel AI SDK',
  api: 'responses',
  keyHeader: 'authorization',
  streams: true,
  programs: ['ai ', 'ai-sdk'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'program',
      title: 'chat.ts',
      language: 'ts',
      text: `import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'

const aqueduct = createOpenAI({ baseURL: ${put('js', withVersion(origin))}, apiKey: ${put('js', key)} })
const { textStream } = streamText({ model: aqueduct.chat('${model}'), prompt: 'Say hello.' })
for await (const text of textStream) process.stdout.write(text)
`,
    },
    {
      kind: 'program',
      title: 'responses.ts',
      language: 'ts',
      text: `import { createOpenAI } from '@ai-sdk/openai'
import { generateText } from 'ai'

const aqueduct = createOpenAI({ baseURL: ${put('js', withVersion(origin))}, apiKey: ${put('js', key)} })
const { text } = await generateText({ model: aqueduct('${model}'), prompt: 'Say hello.' })
console.log(text)
`,
    },
  ],
  rivals: [],
  remarks: [],
}
