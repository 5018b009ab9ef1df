/** What was captured of a client's request, as something that can be sent again. Pure. */
import type { DialectName } from '../dialects.ts'
import { isObject, memberOf, numberAt, parseJson, textAt, type Json } from '../json.ts'
import type { WrittenRequest } from '../request/write-request.ts'

export type Replay =
  /** `isChanged`: something of it was left out when it was captured. */
  | { kind: 'ready'; request: WrittenRequest; isChanged: boolean }
  | { kind: 'missing' }
  | { kind: 'unreadable' }

/** Of the bodies of a call, as the gateway tells them; null: it has none. */
export function readCapture(bodies: Json): Replay {
  const request = memberOf(bodies, 'request')
  if (!isObject(request)) return { kind: 'missing' }
  const body = parseJson(textAt(request, 'text') ?? '')
  const dialect = dialectAt(textAt(bodies, 'path') ?? '')
  if (!isObject(body) || dialect === undefined) return { kind: 'unreadable' }
  const hidden = ['secrets', 'fields', 'media'].some((what) => (numberAt(request, 'hidden', what) ?? 0) > 0)
  return { kind: 'ready', request: { dialect, body }, isChanged: hidden || request['isCut'] === true }
}

/** Whichever of its paths a client has asked. */
function dialectAt(path: string): DialectName | undefined {
  if (/\/chat\/(completions|test)\/?$/.test(path)) return 'openai-chat'
  if (/\/responses(\/test)?\/?$/.test(path)) return 'openai-responses'
  return /\/messages(\/test)?\/?$/.test(path) ? 'anthropic-messages' : undefined
}
