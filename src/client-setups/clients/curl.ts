import { withVersion, type ClientSetup } from '../client-setup.ts'

export const curl: ClientSetup = {
  name: 'curl',
  title: 'curl',
  api: 'chat',
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'program',
      title: 'chat',
      language: 'sh',
      text: `curl -N ${withVersion(origin)}/chat/completions -H 'authorization: Bearer ${key}' \\
  -H 'content-type: application/json' \\
  -d '{"model": "${model}", "stream": true, "messages": [{"role": "user", "content": "Say hello."}]}'
`,
    },
    {
      kind: 'program',
      title: 'messages',
      language: 'sh',
      text: `curl -N ${withVersion(origin)}/messages -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' \\
  -d '{"model": "${model}", "max_tokens": 1024, "stream": true,
       "messages": [{"role": "user", "content": "Say hello."}]}'
`,
    },
    {
      kind: 'program',
      title: 'responses',
      language: 'sh',
      text: `curl -N ${withVersion(origin)}/responses -H 'authorization: Bearer ${key}' \\
  -H 'content-type: application/json' \\
  -d '{"model": "${model}", "stream": true, "input": "Say hello."}'
`,
    },
  ],
  rivals: [],
  remarks: [],
}
