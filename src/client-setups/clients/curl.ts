import { withVersion, type ClientSetup, type Script, type SetupValues } from '../client-setup.ts'
import { callOf, writeCurl } from '../client-call.ts'
import { put } from '../mark-slots.ts'

export const curl: ClientSetup = {
  name: 'curl',
  title: 'curl',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['curl'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: (values) => {
    const { origin, key, model } = values
    const chat = `curl -N ${put('sh', `${withVersion(origin)}/chat/completions`)} -H ${put('sh', `authorization: Bearer ${key}`)} \\
  -H 'content-type: application/json' \\
  -d '{"model": "${model}", "stream": true, "messages": [{"role": "user", "content": "Say hello."}]}'
`
    const messages = `curl -N ${put('sh', `${withVersion(origin)}/messages`)} -H ${put('sh', `x-api-key: ${key}`)} \\
  -H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' \\
  -d '{"model": "${model}", "max_tokens": 1024, "stream": true,
       "messages": [{"role": "user", "content": "Say hello."}]}'
`
    const responses = `curl -N ${put('sh', `${withVersion(origin)}/responses`)} -H ${put('sh', `authorization: Bearer ${key}`)} \\
  -H 'content-type: application/json' \\
  -d '{"model": "${model}", "stream": true, "input": "Say hello."}'
`
    return [
      scriptOf('chat', { sh: chat, api: 'chat', keyHeader: 'authorization' }, values),
      scriptOf('messages', { sh: messages, api: 'messages', keyHeader: 'x-api-key' }, values),
      scriptOf('responses', { sh: responses, api: 'responses', keyHeader: 'authorization' }, values),
    ]
  },
  rivals: [],
  remarks: [],
}

function scriptOf(
  title: string,
  { sh, ...form }: Pick<ClientSetup, 'api' | 'keyHeader'> & { sh: string },
  { origin, ...wishes }: SetupValues,
): Script {
  const call = callOf(form, { ...wishes, streams: true })
  return {
    kind: 'script',
    title,
    texts: { sh, powershell: writeCurl(origin, call, 'powershell'), cmd: writeCurl(origin, call, 'cmd') },
  }
}
