import type { Citation } from '../../conversation/citation.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import { clampSpan, linkOf } from '../cited-link.ts'
import { writeSourcesAfterText } from '../write-sources.ts'
import {
  itemIdOf,
  writeAdded,
  writeDone,
  type ClosedItem,
  type ItemPlace,
  type ItemStream,
  type ItemWriter,
} from './output-item.ts'

/** What a message says. */
export interface Said {
  text: string
  citations?: readonly Citation[] | undefined
  /** How long the answer's text was before, in UTF-16 units: the service counts in the whole of it. */
  textStart: number
}

export function writeMessage(place: ItemPlace, said: Said): JsonObject {
  const { annotations, note } = writeCitations(said)
  return writeMessageItem(place, writeTextPart(said.text + note, annotations))
}

/** A message with one part, which it has nothing of while that is undefined. */
export function writeMessageItem(place: ItemPlace, part: JsonObject | undefined): JsonObject {
  return {
    id: itemIdOf('msg', place),
    type: 'message',
    status: part === undefined ? 'in_progress' : 'completed',
    role: 'assistant',
    content: part === undefined ? [] : [part],
  }
}

export function createMessageWriter(stream: ItemStream, textStart: number): ItemWriter {
  const { place, events } = stream
  const inPart = { item_id: itemIdOf('msg', place), output_index: place.outputIndex, content_index: 0 }
  const writeDelta = events.prepareDeltas('response.output_text.delta', inPart, { logprobs: [] })
  let text = ''

  function add(piece: string): string {
    text += piece
    return writeDelta(piece)
  }

  return {
    open: () =>
      writeAdded(stream, writeMessageItem(place, undefined)) +
      events.write('response.content_part.added', { ...inPart, part: writeTextPart('', []) }),
    add,
    close({ citations }): ClosedItem {
      const { annotations, note } = writeCitations({ text, citations, textStart })
      const last = note === '' ? '' : add(note)
      const part = writeTextPart(text, annotations)
      const item = writeMessageItem(place, part)
      const cited = annotations.map((annotation, index) =>
        events.write('response.output_text.annotation.added', {
          ...inPart,
          annotation_index: index,
          annotation,
        }),
      )
      const written =
        last +
        cited.join('') +
        events.write('response.output_text.done', { ...inPart, text, logprobs: [] }) +
        events.write('response.content_part.done', { ...inPart, part }) +
        writeDone(stream, item)
      return { written, item }
    },
  }
}

function writeTextPart(text: string, annotations: JsonObject[]): JsonObject {
  return { type: 'output_text', text, annotations, logprobs: [] }
}

/** The API knows sources with an address; others are told in words behind the text. */
function writeCitations({ text, citations = [], textStart }: Said): {
  annotations: JsonObject[]
  note: string
} {
  const annotations: JsonObject[] = []
  const others: Citation[] = []
  for (const citation of citations) {
    const link = linkOf(citation)
    if (link === undefined) others.push(citation)
    else {
      const { url, title, span } = link
      const inText = span && { start: span.start - textStart, end: span.end - textStart }
      const { start, end } = clampSpan(inText ?? { start: text.length, end: text.length }, text.length)
      annotations.push({ type: 'url_citation', url, title, start_index: start, end_index: end })
    }
  }
  return { annotations, note: writeSourcesAfterText(others) }
}
