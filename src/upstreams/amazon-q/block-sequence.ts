/** Thinking, text and fragments of tool calls, in whatever mixture they arrive, become blocks that never interleave. */

import type { Citation } from '../../conversation/citation.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import type { Emit } from '../../conversation/stage.ts'
import type { ToolUseEvent } from './schema.ts'
import { addInput, createCall, cutCall, endCall, sendSlices } from './tool-call.ts'
import type { ToolCall } from './tool-call.ts'

/** What an event says of the model's thinking; empty texts stand for what it does not say. */
export interface ReasoningEvent {
  text: string
  signature: string
  /** Base64. */
  redactedContent: string
}

export interface BlockSequence {
  text(text: string, emit: Emit<ReplyEvent>): void
  /** Text of thinking, its signature, which comes alone and last, or thinking in sealed form. */
  thinking(event: ReasoningEvent, emit: Emit<ReplyEvent>): void
  toolUse(event: ToolUseEvent, emit: Emit<ReplyEvent>): void
  /** Goes with the end of the text that is open, or else of the next one. */
  cite(citation: Citation): void
  /** Takes those that no text has come for. */
  takeCitations(): Citation[]
  /** Ends the last block. Throws `interrupted` when a tool call is not complete. */
  close(emit: Emit<ReplyEvent>): void
  /** Whether the model said anything: text, thinking (sealed or not) or a tool call. */
  hasContent(): boolean
  hasToolUse(): boolean
}

/** What waits until the open tool call is complete. */
type Waiting = ToolCall | { kind: 'text'; text: string } | { kind: 'thinking'; event: ReasoningEvent }

interface BlockSequenceOptions {
  /** Turns the service's name of a tool into the client's. */
  clientNameOf: (serviceName: string) => string
  /** Puts signatures and redacted thinking under seal. */
  closeSeal: (proof: string) => string
}

export function createBlockSequence({ clientNameOf, closeSeal }: BlockSequenceOptions): BlockSequence {
  const calls = new Map<string, ToolCall>()
  const waiting: Waiting[] = []
  const cited: Citation[] = []
  let open: ToolCall | 'text' | 'thinking' | undefined
  let latestId: string | undefined
  let hasContent = false
  let hasToolUse = false
  /** Thinking was ended by something else than its signature; one that comes now has lost its place. */
  let isSignatureLate = false

  /** Ends a block of text or thinking; tool calls end by themselves. */
  function closeProse(emit: Emit<ReplyEvent>): void {
    if (open !== 'text' && open !== 'thinking') return
    isSignatureLate = open === 'thinking'
    const citations = open === 'text' ? cited.splice(0) : []
    open = undefined
    emit(citations.length === 0 ? { type: 'block-end' } : { type: 'block-end', citations })
  }

  function openProse(kind: 'text' | 'thinking', emit: Emit<ReplyEvent>): void {
    closeProse(emit)
    open = kind
    emit({ type: 'block-start', block: { kind } })
  }

  function writeText(text: string, emit: Emit<ReplyEvent>): void {
    if (open !== 'text') openProse('text', emit)
    emit({ type: 'block-delta', text })
  }

  function writeThinking({ text, signature, redactedContent }: ReasoningEvent, emit: Emit<ReplyEvent>): void {
    if (text !== '') {
      if (open !== 'thinking') openProse('thinking', emit)
      emit({ type: 'block-delta', text })
    }
    if (signature !== '') sign(signature, emit)
    if (redactedContent !== '') {
      closeProse(emit)
      const data = closeSeal(redactedContent)
      emit({ type: 'block-start', block: { kind: 'redacted-thinking', data } })
      emit({ type: 'block-end' })
    }
  }

  /** A signature without thinking before it is that of thinking which the service does not show. */
  function sign(signature: string, emit: Emit<ReplyEvent>): void {
    if (open !== 'thinking') {
      if (isSignatureLate) return
      openProse('thinking', emit)
    }
    open = undefined
    emit({ type: 'block-end', signature: closeSeal(signature) })
  }

  function openCall(call: ToolCall, emit: Emit<ReplyEvent>): void {
    closeProse(emit)
    emit({ type: 'block-start', block: { kind: 'tool-use', id: call.id, name: clientNameOf(call.name) } })
    open = call
    hasContent = true
  }

  /** Emits what the open call has, and goes on with what waits for its end. */
  function advance(emit: Emit<ReplyEvent>): void {
    while (typeof open === 'object') {
      sendSlices(open, emit)
      if (!open.stopped) return
      endCall(open, emit)
      hasToolUse = true
      open = undefined
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (next.kind === 'text') writeText(next.text, emit)
        else if (next.kind === 'thinking') writeThinking(next.event, emit)
        else {
          openCall(next, emit)
          break
        }
      }
    }
  }

  return {
    text(text, emit) {
      hasContent = true
      if (typeof open === 'object') waiting.push({ kind: 'text', text })
      else writeText(text, emit)
    },
    thinking(event, emit) {
      hasContent ||= event.text !== '' || event.redactedContent !== ''
      if (typeof open === 'object') waiting.push({ kind: 'thinking', event })
      else writeThinking(event, emit)
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
        if (typeof open === 'object') waiting.push(call)
        else openCall(call, emit)
      }
      if (open === call) advance(emit)
    },
    cite(citation) {
      cited.push(citation)
    },
    takeCitations: () => cited.splice(0),
    close(emit) {
      if (typeof open === 'object') throw cutCall(open)
      closeProse(emit)
    },
    hasContent: () => hasContent,
    hasToolUse: () => hasToolUse,
  }
}
