/** Answers that are no event stream, for every operation. */
import { mediaTypeOf, writeRefusal } from './bindings.ts'
import type { Call } from './call.ts'
import type { Refusal } from './refusal.ts'
import type { Answer } from './replies/behaviour.ts'
import { unreachable } from './unreachable.ts'

type PlainAnswer = Exclude<Answer, { kind: 'echo' | 'stream' | 'refusal' }>

export function answerPlainly(call: Call, answer: PlainAnswer): void {
  switch (answer.kind) {
    case 'page':
      call.response.writeHead(answer.status, { 'content-type': 'text/html' }).end(answer.html)
      call.note.refused({ status: answer.status, name: 'page', reason: null })
      return
    case 'json':
      sendJson(call, answer.body)
      return
    case 'lost-answer':
    case 'no-answer':
      call.note.cut()
      call.request.socket.destroy()
      return
    case 'hang':
      // Nothing is written; the call ends when its connection does.
      return
    default:
      unreachable(answer)
  }
}

export function refuse(call: Call, refusal: Refusal): void {
  const { response, route, switches, note } = call
  if (call.signal.aborted) return
  const status = writeRefusal(response, refusal, { binding: route.binding, switches })
  note.refused({ status, name: refusal.name, reason: refusal.reason ?? null })
}

export function sendJson({ response, route }: Call, body: unknown): void {
  response.writeHead(200, { 'content-type': mediaTypeOf(route.binding) }).end(JSON.stringify(body))
}
