/** Text and fragments of tool calls, in whatever mixture they arrive, become blocks that never interleave. */

import { GatewayError } from '../../conversation/failures.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import type { Emit } from '../../conversation/stage.ts'
import type { ToolUseEvent } from './schema.ts'

export interface BlockSequence {
  text(text: string, emit: Emit<ReplyEvent>): void
  toolUse(event: ToolUseEvent, emit: Emit<ReplyEvent>): void
  /** Ends the last block. Throws `interrupted` when a tool call is not complete. */
  close(emit: Emit<ReplyEvent>): void
  readonly hasContent: boolean
  readonly hasToolUse: boolean
}

interface ToolCall {
  kind: 'tool-use'
  id: string
  name: string
  /** Slices of the input's JSON text, in order; the first `sentCount` of them have been emitted. */
  slices: string[]
  sentCount: number
  stopped: boolean
}

/** What waits until the open tool call is complete. */
type Waiting = ToolCall | { kind: 'text'; text: string }

/** `clientNameOf` turns the service's name of a tool into the client's. */
export function createBlockSequence(clientNameOf: (serviceName: string) => string): BlockSequence {
  const calls = new Map<string, ToolCall>()
  const waiting: Waiting[] = []
  let open: ToolCall | 'text' | undefined
  let latestId: string | undefined
  let hasContent = false
  let hasToolUse = false

  function closeText(emit: Emit<ReplyEvent>): void {
    if (open !== 'text') return
    emit({ type: 'block-end' })
    open = undefined
  }

  function writeText(text: string, emit: Emit<ReplyEvent>): void {
    if (open !== 'text') emit({ type: 'block-start', block: { kind: 'text' } })
    open = 'text'
    emit({ type: 'block-delta', text })
  }

  function openCall(call: ToolCall, emit: Emit<ReplyEvent>): void {
    closeText(emit)
    emit({ type: 'block-start', block: { kind: 'tool-use', id: call.id, name: clientNameOf(call.name) } })
    open = call
    hasContent = true
  }

  /** Emits what the open call has, and goes on with what waits for its end. */
  function advance(emit: Emit<ReplyEvent>): void {
    while (open !== undefined && open !== 'text') {
      sendSlices(open, emit)
      if (!open.stopped) return
      endCall(open, emit)
      hasToolUse = true
      open = undefined
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (next.kind === 'text') {
          writeText(next.text, emit)
        } else {
          openCall(next, emit)
          break
        }
      }
    }
  }

  return {
    text(text, emit) {
      hasContent = true
      if (open === undefined || open === 'text') writeText(text, emit)
      else waiting.push({ kind: 'text', text })
    },
    toolUse(event, emit) {
      const id = event.toolUseId || latestId
      const known = calls.get(id ?? '')
      // Ids are random, so an event for a call that is complete repeats it; running a tool twice does harm.
      if (known?.stopped === true) return
      const call = known ?? createCall(id, event.name)
      addInput(call, event)
      latestId = call.id
      if (known === undefined) {
        calls.set(call.id, call)
        if (open === undefined || open === 'text') openCall(call, emit)
        else waiting.push(call)
      }
      if (open === call) advance(emit)
    },
    close(emit) {
      if (open !== undefined && open !== 'text') throw cutCall(open)
      closeText(emit)
    },
    get hasContent() {
      return hasContent
    },
    get hasToolUse() {
      return hasToolUse
    },
  }
}

function createCall(id: string | undefined, name: string | null | undefined): ToolCall {
  if (!id || !name) {
    throw new GatewayError(
      'interrupted',
      "Amazon Q's answer has a tool call without id or name. Send the request again.",
    )
  }
  return { kind: 'tool-use', id, name, slices: [], sentCount: 0, stopped: false }
}

/** Some routes open a call with an empty object and send the true input as text after it, so that object counts as nothing. */
function addInput(call: ToolCall, { input, stop }: ToolUseEvent): void {
  const slice = typeof input === 'object' && input !== null ? JSON.stringify(input) : (input ?? '')
  if (slice !== '' && !(typeof input === 'object' && slice === '{}')) call.slices.push(slice)
  if (stop === true) call.stopped = true
}

function sendSlices(call: ToolCall, emit: Emit<ReplyEvent>): void {
  for (; call.sentCount < call.slices.length; call.sentCount += 1) {
    const text = call.slices[call.sentCount]
    if (text !== undefined) emit({ type: 'block-delta', text })
  }
}

/** The whole input must be a JSON object by now. A call without input has the empty one. */
function endCall(call: ToolCall, emit: Emit<ReplyEvent>): void {
  const input = call.slices.join('')
  if (input.trim() === '') emit({ type: 'block-delta', text: '{}' })
  else if (!isJsonObject(input)) throw cutCall(call)
  emit({ type: 'block-end' })
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

function cutCall({ name }: ToolCall): GatewayError {
  return new GatewayError(
    'interrupted',
    `Amazon Q stopped inside a call of the tool ${name}. Send the request again, or ask for smaller steps.`,
  )
}
