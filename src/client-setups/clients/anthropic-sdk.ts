import { withoutVersion, type ClientSetup } from '../client-setup.ts'
import { put } from '../mark-slots.ts'

export const anthropicSdk: ClientSetup = {
  name: 'anthropic-sdk',
  title: 'Anthropic SDKs',
  api: 'messages',
  keyHeader: 'x-api-key',
  streams: true,
  programs: ['Anthropic', 'AsyncAnthropic'],
  calledFrom: 'this machine',
  baseUrlOf: withoutVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'variables',
      title: 'environment',
      form: 'env',
      variables: { ANTHROPIC_BASE_URL: origin, ANTHROPIC_API_KEY: key },
    },
    {
      kind: 'program',
      title: 'messages.ts',
      language: 'ts',
      text: `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: ${put('js', origin)}, apiKey: ${put('js', key)} })
const stream = client.messages.stream({
  model: '${model}',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Say hello.' }],
})
stream.on('text', (text) => process.stdout.write(text))
await stream.finalMessage()
`,
    },
    {
      kind: 'program',
      title: 'messages.py',
      language: 'python',
      text: `from anthropic import Anthropic

client = Anthropic(base_url=${put('json', origin)}, api_key=${put('json', key)})
with client.messages.stream(
    model="${model}",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Say hello."}],
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
`,
    },
  ],
  rivals: [],
  remarks: [],
}
