/** Frames of an answer become the events of a neutral reply (protocol 4.3 to 4.7). */

import { GatewayError } from '../../conversation/failures.ts'
import type { ReplyEvent, StopReason } from '../../conversation/reply.ts'
import type { Emit, Stage } from '../../conversation/stage.ts'
import { createBlockSequence } from './block-sequence.ts'
import type { BlockSequence } from './block-sequence.ts'
import type { Frame } from './event-stream.ts'
import { classifyException } from './failures.ts'
import { createReplyEnding } from './reply-ending.ts'
import type { ReplyEnding } from './reply-ending.ts'
import { complaint, metadataEvent, meteringEvent, toolUseEvent } from './schema.ts'
import type { ToolNames } from './tool-names.ts'

interface ReplyDecoderOptions {
  estimatedInputTokens: number
  toolNames: Pick<ToolNames, 'toClient'>
  /** Told the name of each event that is not known, for a counter. */
  onUnknownEvent?: (name: string) => void
}

/** A decoder for one answer. Throws what the service complains about in its stream, and what breaks off. */
export function createReplyDecoder(options: ReplyDecoderOptions): Stage<Frame, ReplyEvent> {
  const blocks = createBlockSequence(options.toolNames.toClient)
  const ending = createReplyEnding(options.estimatedInputTokens)
  const readEvent = createEventReader({ blocks, ending, onUnknownEvent: options.onUnknownEvent })
  let started = false

  return {
    push(frame, emit) {
      if (frame.messageType !== 'event' || frame.name === 'invalidStateEvent') throw complaintOf(frame)
      if (!started) {
        started = true
        emit({ type: 'reply-start' })
      }
      readEvent(frame, emit)
    },
    end(emit) {
      blocks.close(emit)
      const stopReason = stopReasonOf(blocks, ending)
      const refusal = ending.refusal()
      emit({
        type: 'reply-end',
        stopReason,
        usage: ending.usage(),
        ...(stopReason === 'refusal' && refusal !== undefined && { refusal }),
      })
    },
  }
}

interface EventReaderOptions {
  blocks: BlockSequence
  ending: ReplyEnding
  onUnknownEvent: ((name: string) => void) | undefined
}

function createEventReader({ blocks, ending, onUnknownEvent }: EventReaderOptions) {
  return ({ name, payload }: Frame, emit: Emit<ReplyEvent>): void => {
    switch (name) {
      case 'assistantResponseEvent':
      case 'codeEvent': {
        // Equal texts in a row are all kept: digits and blanks do repeat. The service repeats one text before a
        // codeReferenceEvent; by the time that shows, the text has left, and holding every text back costs more.
        const text = readText(payload, 'content')
        ending.countOutput(text)
        if (text !== '') blocks.text(text, emit)
        return
      }
      case 'toolUseEvent': {
        const event = toolUseEvent.safeParse(parsePayload(payload))
        if (!event.success) throw unreadable(event.error)
        const { input } = event.data
        if (input != null) ending.countOutput(typeof input === 'string' ? input : JSON.stringify(input))
        blocks.toolUse(event.data, emit)
        return
      }
      case 'reasoningContentEvent':
        // Not shown yet; it still is output that the model wrote.
        ending.countOutput(readText(payload, 'text'))
        return
      case 'metadataEvent': {
        const event = metadataEvent.safeParse(parsePayload(payload))
        if (event.success) ending.metadata(event.data)
        return
      }
      case 'meteringEvent': {
        const event = meteringEvent.safeParse(parsePayload(payload))
        if (event.success) ending.credits(event.data.usage)
        return
      }
      default:
        if (!knownAndUnused.has(name)) onUnknownEvent?.(name)
    }
  }
}

/** Keeps no state between calls; faster than a Buffer's toString, which needs a new view for each payload. */
const utf8 = new TextDecoder()

/** Events of the official model that have nothing for an answer. */
const knownAndUnused: ReadonlySet<string> = new Set([
  'initial-response',
  'messageMetadataEvent',
  'toolResultEvent',
  'contextUsageEvent',
  'codeReferenceEvent',
  'supplementaryWebLinksEvent',
  'followupPromptEvent',
  'citationEvent',
  'documentCitationEvent',
  'intentsEvent',
  'interactionComponentsEvent',
  'dryRunSucceedEvent',
])

/** Of turns with tool calls a third say END_TURN (protocol 4.3), so a complete call outweighs what is told. */
function stopReasonOf(blocks: BlockSequence, ending: ReplyEnding): StopReason {
  if (blocks.hasToolUse) return 'tool-use'
  const told = ending.toldStopReason()
  const isExplained = told === 'refusal' || told === 'max-tokens' || told === 'context-window-exceeded'
  if (!blocks.hasContent && !isExplained) {
    throw new GatewayError('empty-reply', 'Amazon Q sent an empty answer. Send the request again.')
  }
  return told ?? 'end-turn'
}

function complaintOf(frame: Frame): GatewayError {
  const { message, Message, reason } = complaint.catch({}).parse(tryParse(frame.payload))
  return classifyException({
    name: frame.name,
    message: message ?? Message ?? frame.errorMessage ?? '',
    reason: reason ?? '',
  })
}

/**
 * A text member of a payload; empty when it is absent. Written by hand as it runs for every delta: measured, this takes
 * 20 ns where a schema takes 150, a fifth of what reading the JSON does.
 */
function readText(payload: Uint8Array, member: 'content' | 'text'): string {
  const event = parsePayload(payload)
  if (typeof event !== 'object' || event === null) throw unreadable(undefined)
  const text: unknown = Reflect.get(event, member)
  if (text === undefined || text === null) return ''
  if (typeof text !== 'string') throw unreadable(undefined)
  return text
}

function parsePayload(payload: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(payload))
  } catch (error) {
    throw unreadable(error)
  }
}

function tryParse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(payload))
  } catch {
    // Error frames are often without a payload: their headers say it all.
    return undefined
  }
}

function unreadable(cause: unknown): GatewayError {
  return new GatewayError(
    'interrupted',
    "A part of Amazon Q's answer cannot be read. Send the request again.",
    { cause },
  )
}
