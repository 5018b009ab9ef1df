import type { JsonObject } from '../../conversation/conversation.ts'
import { itemIdOf, writeAdded, writeDone, type ItemPlace, type ItemStream } from './output-item.ts'
import { writeMessageItem } from './write-message.ts'

/** Why the model did not answer, in its own words. */
export function writeRefusal(place: ItemPlace, refusal: string): JsonObject {
  return writeMessageItem(place, writeRefusalPart(refusal))
}

/** All of it at once: it comes in one piece. */
export function writeRefusalEvents(stream: ItemStream, refusal: string): string {
  const { place, events } = stream
  const inPart = { item_id: itemIdOf('msg', place), output_index: place.outputIndex, content_index: 0 }
  return (
    writeAdded(stream, writeMessageItem(place, undefined)) +
    events.write('response.content_part.added', { ...inPart, part: writeRefusalPart('') }) +
    events.write('response.refusal.delta', { ...inPart, delta: refusal }) +
    events.write('response.refusal.done', { ...inPart, refusal }) +
    events.write('response.content_part.done', { ...inPart, part: writeRefusalPart(refusal) }) +
    writeDone(stream, writeRefusal(place, refusal))
  )
}

function writeRefusalPart(refusal: string): JsonObject {
  return { type: 'refusal', refusal }
}
