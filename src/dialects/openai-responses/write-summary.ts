import type { JsonObject } from '../../conversation/conversation.ts'
import type { AnswerHead } from './answer-wishes.ts'
import { writeAdded, writeDone } from './output-item.ts'
import { writeCompaction } from './write-compaction.ts'
import type { EventWriter } from './write-events.ts'
import type { OutputWriter } from './write-output.ts'

/** Everything that the model says becomes one item; more than one, and Codex throws the answer away. */
export function createSummaryWriter({ id }: AnswerHead, events: EventWriter): OutputWriter {
  const texts: string[] = []
  const items: JsonObject[] = []
  let isText = false
  return {
    open({ kind }) {
      isText = kind === 'text'
      return ''
    },
    add(text) {
      if (isText) texts.push(text)
      return ''
    },
    close: () => '',
    finish() {
      const stream = { place: { answerId: id, outputIndex: 0 }, events }
      const item = writeCompaction(stream.place, texts.join(''))
      items.push(item)
      return writeAdded(stream, item) + writeDone(stream, item)
    },
    items: () => items,
  }
}
