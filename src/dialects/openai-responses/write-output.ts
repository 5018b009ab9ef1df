import type { JsonObject } from '../../conversation/conversation.ts'
import type { BlockHead, ReplyEvent } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { AnswerHead } from './answer-wishes.ts'
import type { BlockEnd, ItemStream, ItemWriter } from './output-item.ts'
import { describeEnd } from './reply-end.ts'
import { createCustomCallWriter } from './write-custom-call.ts'
import type { EventWriter } from './write-events.ts'
import { createFunctionCallWriter } from './write-function-call.ts'
import { createMessageWriter } from './write-message.ts'
import { createReasoningWriter } from './write-reasoning.ts'
import { writeRefusal, writeRefusalEvents } from './write-refusal.ts'
import { createSpecialCallWriter } from './write-special-call.ts'
import { createWebSearchWriter } from './write-web-search.ts'

type ReplyEnd = Omit<Extract<ReplyEvent, { type: 'reply-end' }>, 'type'>

/** Writes the items of one stream, block by block. */
export interface OutputWriter {
  open(block: BlockHead): string
  add(text: string): string
  close(end: BlockEnd): string
  /** What is said behind the last block. */
  finish(end: ReplyEnd): string
  /** Those that are complete. */
  items(): JsonObject[]
}

/** An item for every block. */
export function createOutputWriter(head: AnswerHead, events: EventWriter): OutputWriter {
  const items: JsonObject[] = []
  let current: ItemWriter | undefined
  let isText = false
  /** Of the answer's text so far, in UTF-16 units. */
  let textLength = 0
  const nextItem = (): ItemStream => ({ place: { answerId: head.id, outputIndex: items.length }, events })

  const writer: OutputWriter = {
    open(block) {
      isText = block.kind === 'text'
      current = createItemWriter(block, head, { stream: nextItem(), textStart: textLength })
      return current.open()
    },
    add(text) {
      if (isText) textLength += text.length
      return current?.add(text) ?? ''
    },
    close(end) {
      if (current === undefined) return ''
      const { written, item } = current.close(end)
      items.push(item)
      current = undefined
      return written
    },
    finish(end) {
      const written = describeEnd(end, head.isCodex).map(({ kind, text }) => {
        if (kind === 'text') return writer.open({ kind }) + writer.add(text) + writer.close({})
        const stream = nextItem()
        items.push(writeRefusal(stream.place, text))
        return writeRefusalEvents(stream, text)
      })
      return written.join('')
    },
    items: () => items,
  }
  return writer
}

function createItemWriter(
  block: BlockHead,
  head: AnswerHead,
  { stream, textStart }: { stream: ItemStream; textStart: number },
): ItemWriter {
  switch (block.kind) {
    case 'text':
      return createMessageWriter(stream, textStart)
    case 'thinking':
    case 'redacted-thinking':
      return createReasoningWriter(stream, block, head.sealedReasoning)
    case 'tool-use':
      return createCallWriter(block, head, stream)
    case 'web-search':
      return createWebSearchWriter(stream, block)
    default:
      return unreachable(block)
  }
}

function createCallWriter(
  { id, name }: Extract<BlockHead, { kind: 'tool-use' }>,
  { tools }: AnswerHead,
  stream: ItemStream,
): ItemWriter {
  const tool = tools.get(name) ?? { kind: 'function', name }
  switch (tool.kind) {
    case 'function':
      return createFunctionCallWriter(stream, { id, tool })
    case 'web-search':
      return createFunctionCallWriter(stream, { id, tool: { kind: 'function', name } })
    case 'custom':
      return createCustomCallWriter(stream, { id, tool })
    case 'local-shell':
    case 'shell':
    case 'apply-patch':
      return createSpecialCallWriter(stream, { id, tool })
    default:
      return unreachable(tool)
  }
}
