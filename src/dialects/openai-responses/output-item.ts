/** What all kinds of items of an answer's output have in common. */
import type { JsonObject } from '../../conversation/conversation.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import type { EventWriter } from './write-events.ts'

export type BlockEnd = Omit<Extract<ReplyEvent, { type: 'block-end' }>, 'type'>

/** Where in the output an item is, which also makes its id. */
export interface ItemPlace {
  /** The answer's own. */
  answerId: string
  outputIndex: number
}

/** `kind`: OpenAI's prefix for ids of such items. */
export function itemIdOf(kind: string, { answerId, outputIndex }: ItemPlace): string {
  return `${kind}_${answerId}_${outputIndex}`
}

/** Writes one item of a stream as it comes about. */
export interface ItemWriter {
  open(): string
  /** `text` is never empty. */
  add(text: string): string
  close(end: BlockEnd): ClosedItem
}

export interface ClosedItem {
  /** The last events of the item. */
  written: string
  item: JsonObject
}

export interface ItemStream {
  place: ItemPlace
  events: EventWriter
}

export function writeAdded({ place, events }: ItemStream, item: JsonObject): string {
  return events.write('response.output_item.added', { output_index: place.outputIndex, item })
}

export function writeDone({ place, events }: ItemStream, item: JsonObject): string {
  return events.write('response.output_item.done', { output_index: place.outputIndex, item })
}
