/** One tool call of an answer, from its first fragment to the JSON object that it must be in the end. */

import { GatewayError } from '../../conversation/failures.ts'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import type { Emit } from '../../conversation/stage.ts'
import type { ToolUseEvent } from './schema.ts'

export interface ToolCall {
  kind: 'tool-use'
  id: string
  name: string
  /** Slices of the input's JSON text, in order; the first `sentCount` of them have been emitted. */
  slices: string[]
  sentCount: number
  stopped: boolean
}

export function createCall(id: string | undefined, name: string | null | undefined): ToolCall {
  if (!id || !name) {
    throw new GatewayError(
      'interrupted',
      "Amazon Q's answer has a tool call without id or name. Send the request again.",
    )
  }
  return { kind: 'tool-use', id, name, slices: [], sentCount: 0, stopped: false }
}

/** Some routes open a call with an empty object and send the true input as text after it, so that object counts as nothing. */
export function addInput(call: ToolCall, { input, stop }: ToolUseEvent): void {
  const slice = typeof input === 'object' && input !== null ? JSON.stringify(input) : (input ?? '')
  if (slice !== '' && !(typeof input === 'object' && slice === '{}')) call.slices.push(slice)
  if (stop === true) call.stopped = true
}

export function sendSlices(call: ToolCall, emit: Emit<ReplyEvent>): void {
  for (; call.sentCount < call.slices.length; call.sentCount += 1) {
    const text = call.slices[call.sentCount]
    if (text !== undefined) emit({ type: 'block-delta', text })
  }
}

/** The whole input must be a JSON object by now. A call without input has the empty one. */
export function endCall(call: ToolCall, emit: Emit<ReplyEvent>): void {
  const input = call.slices.join('')
  if (input.trim() === '') emit({ type: 'block-delta', text: '{}' })
  else if (parseJsonObject(input) === undefined) throw cutCall(call)
  emit({ type: 'block-end' })
}

export function cutCall({ name }: ToolCall): GatewayError {
  return new GatewayError(
    'interrupted',
    `Amazon Q stopped inside a call of the tool ${name}. Send the request again, or ask for smaller steps.`,
  )
}
