import type { JsonObject, RedactedThinkingPart, ThinkingPart } from '../../conversation/conversation.ts'
import {
  itemIdOf,
  writeAdded,
  writeDone,
  type ClosedItem,
  type ItemPlace,
  type ItemStream,
  type ItemWriter,
} from './output-item.ts'
import { sealReasoning } from './sealed-reasoning.ts'

/** Thinking that the client may see is told as a summary, as OpenAI tells its own; what it may not see, not at all. */
export function writeReasoning(
  place: ItemPlace,
  reasoning: ThinkingPart | RedactedThinkingPart,
  isSealed: boolean,
): JsonObject {
  const text = reasoning.kind === 'thinking' ? reasoning.text : ''
  return {
    ...writeReasoningHead(place),
    summary: text === '' ? [] : [writeSummaryPart(text)],
    ...(isSealed && { encrypted_content: sealReasoning(reasoning) }),
  }
}

export function createReasoningWriter(
  stream: ItemStream,
  block: { kind: 'thinking' } | RedactedThinkingPart,
  isSealed: boolean,
): ItemWriter {
  const { place, events } = stream
  const inPart = { item_id: itemIdOf('rs', place), output_index: place.outputIndex, summary_index: 0 }
  const writeDelta = events.prepareDeltas('response.reasoning_summary_text.delta', inPart)
  let text = ''

  return {
    open: () => writeAdded(stream, { ...writeReasoningHead(place), summary: [] }),
    add(piece) {
      // A part without text would be one more thing to show.
      const part = writeSummaryPart('')
      const start =
        text === '' ? events.write('response.reasoning_summary_part.added', { ...inPart, part }) : ''
      text += piece
      return start + writeDelta(piece)
    },
    close({ signature }): ClosedItem {
      const thought: ThinkingPart = { kind: 'thinking', text, ...(signature !== undefined && { signature }) }
      const item = writeReasoning(place, block.kind === 'thinking' ? thought : block, isSealed)
      const ended =
        text === ''
          ? ''
          : events.write('response.reasoning_summary_text.done', { ...inPart, text }) +
            events.write('response.reasoning_summary_part.done', { ...inPart, part: writeSummaryPart(text) })
      return { written: ended + writeDone(stream, item), item }
    },
  }
}

function writeReasoningHead(place: ItemPlace): JsonObject {
  return { id: itemIdOf('rs', place), type: 'reasoning' }
}

function writeSummaryPart(text: string): JsonObject {
  return { type: 'summary_text', text }
}
