/** What each event of an answer means: content, or something about the answer (protocol 4.3). */

import type { ReplyEvent } from '../../conversation/reply.ts'
import type { Emit } from '../../conversation/stage.ts'
import type { BlockSequence, ReasoningEvent } from './block-sequence.ts'
import type { Frame } from './event-stream.ts'
import type { ReplyEnding } from './reply-ending.ts'
import { parseObject, parsePayload, readPayload, textMember, unreadable } from './event-payload.ts'
import { createCitationReader } from './read-citation.ts'
import { createRepeatHold } from './repeat-hold.ts'
import { contextUsageEvent, metadataEvent, meteringEvent, toolUseEvent } from './schema.ts'
import type { ToolUseEvent } from './schema.ts'

interface EventReaderOptions {
  blocks: BlockSequence
  ending: ReplyEnding
  onUnknownEvent: ((name: string) => void) | undefined
}

interface EventReader {
  /** Throws `interrupted` at content that cannot be read; what else cannot be read is passed over. */
  read(frame: Frame, emit: Emit<ReplyEvent>): void
  /** No event comes any more. */
  end(emit: Emit<ReplyEvent>): void
}

export function createEventReader({ blocks, ending, onUnknownEvent }: EventReaderOptions): EventReader {
  const texts = createRepeatHold((text, emit) => {
    ending.countOutput(text)
    blocks.text(text, emit)
  })
  const citations = createCitationReader((citation) => blocks.cite(citation))

  return {
    read({ name, payload }, emit) {
      if (name === 'assistantResponseEvent' || name === 'codeEvent') {
        texts.push(textMember(parseObject(payload), 'content'), emit)
        return
      }
      if (name === 'codeReferenceEvent') texts.dropRepeat()
      else texts.release(emit)
      switch (name) {
        case 'reasoningContentEvent':
          blocks.thinking(readReasoning(payload, ending), emit)
          return
        case 'toolUseEvent':
          blocks.toolUse(readToolUse(payload, ending), emit)
          return
        default:
          if (citations.read(name, payload) || readTold(name, payload, ending)) return
          if (!knownAndUnused.has(name)) onUnknownEvent?.(name)
      }
    },
    end: (emit) => texts.release(emit),
  }
}

/** Events of the official model that have nothing for an answer. */
const knownAndUnused: ReadonlySet<string> = new Set([
  'initial-response',
  'messageMetadataEvent',
  'toolResultEvent',
  'followupPromptEvent',
  'intentsEvent',
  'interactionComponentsEvent',
  'dryRunSucceedEvent',
])

function readReasoning(payload: Buffer, ending: ReplyEnding): ReasoningEvent {
  const event = parseObject(payload)
  const text = textMember(event, 'text')
  ending.countOutput(text)
  const signature = textMember(event, 'signature')
  return { text, signature, redactedContent: textMember(event, 'redactedContent') }
}

function readToolUse(payload: Buffer, ending: ReplyEnding): ToolUseEvent {
  const event = toolUseEvent.safeParse(parsePayload(payload))
  if (!event.success) throw unreadable(event.error)
  const { input } = event.data
  if (input != null) ending.countOutput(typeof input === 'string' ? input : JSON.stringify(input))
  return event.data
}

/** What is told about the answer. Whether the event is one that tells such things. */
function readTold(name: string, payload: Buffer, ending: ReplyEnding): boolean {
  switch (name) {
    case 'metadataEvent':
      readPayload(payload, metadataEvent, (event) => ending.metadata(event))
      return true
    case 'meteringEvent':
      readPayload(payload, meteringEvent, ({ usage }) => ending.credits(usage))
      return true
    case 'contextUsageEvent':
      readPayload(payload, contextUsageEvent, (event) => ending.contextUsage(event.contextUsagePercentage))
      return true
    default:
      return false
  }
}
