/** The request by which a client begins: for whoever checks that it would be answered. */
import { unreachable } from '../conversation/unreachable.ts'
import type { JsonObject } from '../conversation/conversation.ts'
import type { ClientSetup, Shell } from './client-setup.ts'
import { put } from './mark-slots.ts'

export interface ClientCall {
  path: string
  headers: Readonly<Record<string, string>>
  body: JsonObject
}

const QUESTION = 'Say hello.'
const ANSWER_TOKENS = 32

interface CallWishes {
  key: string
  model: string
  streams: boolean
}

export function callOf(
  { api, keyHeader, alias }: Pick<ClientSetup, 'api' | 'keyHeader' | 'alias'>,
  { key, model: ownName, streams }: CallWishes,
): ClientCall {
  const model = alias ?? ownName
  const ownHeaders: Record<string, string> =
    keyHeader === 'x-api-key' ? { 'x-api-key': key } : { authorization: `Bearer ${key}` }
  const headers = { ...ownHeaders, 'content-type': 'application/json' }
  const stream = streams ? { stream: true } : {}
  const messages = [{ role: 'user', content: QUESTION }]
  switch (api) {
    case 'chat':
      return {
        path: '/v1/chat/completions',
        headers,
        body: { model, messages, max_completion_tokens: ANSWER_TOKENS, ...stream },
      }
    case 'messages':
      return {
        path: '/v1/messages',
        headers: { ...headers, 'anthropic-version': '2023-06-01' },
        body: { model, messages, max_tokens: ANSWER_TOKENS, ...stream },
      }
    case 'responses':
      return {
        path: '/v1/responses',
        headers,
        body: { model, input: QUESTION, max_output_tokens: ANSWER_TOKENS, store: false, ...stream },
      }
    default:
      return unreachable(api)
  }
}

/** The same with curl, as a line for a shell. Windows comes with it, and its PowerShell has another thing of that name. */
export function writeCurl(origin: string, { path, headers, body }: ClientCall, shell: Shell): string {
  const url = `${origin}${path}`
  const pairs = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const json = JSON.stringify(body)
  switch (shell) {
    case 'sh': {
      const words = pairs.map((pair) => ` -H ${put('sh', pair)}`)
      return `curl -N ${put('sh', url)}${words.join(' \\\n ')} \\\n  -d ${put('sh', json)}\n`
    }
    case 'powershell': {
      // In an argument of Windows PowerShell the quotes of JSON would get lost.
      const words = pairs.map((pair) => ` -H ${put('powershell-argument', pair)}`)
      return `${put('powershell', json)} | curl.exe -N ${put('powershell-argument', url)}${words.join('')} -d '@-'\n`
    }
    case 'cmd': {
      const words = pairs.map((pair) => ` -H ${put('cmd', pair)}`)
      return `curl -N ${put('cmd', url)}${words.join('')} -d ${put('cmd', json)}\n`
    }
    default:
      return unreachable(shell)
  }
}
