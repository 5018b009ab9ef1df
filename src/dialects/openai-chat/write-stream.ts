import type { BlockHead, ReplyEvent, Usage } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { Encoder } from '../dialect.ts'
import { writeJsonLine } from '../json-line.ts'
import { writeOpenaiErrorBody } from '../openai-error.ts'
import type { ChatHead, ToolForms } from './chat-wishes.ts'
import { createCitationList } from './write-citations.ts'
import { writeCompletionHead, writeCustomCall, writeFinishReason, writeUsage } from './write-reply.ts'

/** Chunks as `data:` lines without event names, ended by `[DONE]`. */
export function createEncoder(head: ChatHead): Encoder {
  const chunk = frameChunks(head)
  const blocks = createBlockWriter(chunk, head.toolForms)
  const cited = createCitationList()

  function writeCited(): string {
    const { annotations, note } = cited.write(blocks.textLength())
    if (annotations.length === 0 && note === '') return ''
    const delta = { ...(note !== '' && { content: note }), ...(annotations.length > 0 && { annotations }) }
    return chunk.start + writeJsonLine(delta) + chunk.end
  }

  function push(event: ReplyEvent): string {
    switch (event.type) {
      case 'block-delta':
        return blocks.add(event.text)
      case 'block-start':
        return blocks.open(event.block)
      case 'block-end':
        cited.add(event.citations, blocks.textLength())
        return blocks.close()
      case 'reply-end': {
        const { legacy } = head.toolForms
        const reason = writeFinishReason(event.stopReason, { usedTools: blocks.callCount() > 0, legacy })
        cited.add(event.citations, blocks.textLength())
        return writeCited() + chunk.finish(reason) + chunk.usage(event.usage) + DONE
      }
      case 'reply-start':
        return ''
      default:
        return unreachable(event)
    }
  }

  return {
    open: () => `${chunk.start}{"role":"assistant","content":""}${chunk.end}`,
    push,
    ping: () => ': keep-alive\n\n',
    fail: (failure) => `data: ${writeJsonLine(writeOpenaiErrorBody(failure))}\n\n`,
  }
}

const DONE = 'data: [DONE]\n\n'

/** Two halves of a JSON text, to be put around a JSON string. */
interface TextFrame {
  start: string
  end: string
}

/** What all chunks of one answer share, written once: `start` and `end` go around a delta. */
function frameChunks(head: ChatHead) {
  const completion = writeJsonLine(writeCompletionHead(head, 'chat.completion.chunk')).slice(0, -1)
  const start = `data: ${completion},"choices":[{"index":0,"delta":`
  // When usage was asked for, every chunk but its own carries an empty one.
  const tail = head.usageInStream ? ',"usage":null}\n\n' : '}\n\n'
  return {
    start,
    end: `,"logprobs":null,"finish_reason":null}]${tail}`,
    finish: (reason: string) => `${start}{},"logprobs":null,"finish_reason":"${reason}"}]${tail}`,
    usage(usage: Usage): string {
      if (!head.usageInStream) return ''
      return `data: ${completion},"choices":[],"usage":${writeJsonLine(writeUsage(usage))}}\n\n`
    },
  }
}

/** Writes the chunks of one block after the other. */
function createBlockWriter(chunk: TextFrame, forms: ToolForms) {
  let callCount = 0
  let textLength = 0
  let isText = false
  /** What stands around the text in the chunks of the open block; undefined where it is not told as it comes. */
  let frame: TextFrame | undefined
  /** The text of a block that is told in one piece. */
  let held: { texts: string[]; writeDelta: (text: string) => string } | undefined
  return {
    callCount: () => callCount,
    /** Of the message's content so far, in UTF-16 units. */
    textLength: () => textLength,
    open(block: BlockHead): string {
      const { head, around, writeWhole } = formOf(block, callCount, forms)
      if (block.kind === 'tool-use') callCount++
      isText = block.kind === 'text'
      frame = around && { start: chunk.start + around.start, end: around.end + chunk.end }
      held = writeWhole && { texts: [], writeDelta: writeWhole }
      return head === undefined ? '' : chunk.start + head + chunk.end
    },
    add(text: string): string {
      held?.texts.push(text)
      if (isText) textLength += text.length
      return text === '' || frame === undefined ? '' : frame.start + writeJsonLine(text) + frame.end
    },
    close(): string {
      const whole = held && chunk.start + held.writeDelta(held.texts.join('')) + chunk.end
      frame = undefined
      held = undefined
      return whole ?? ''
    },
  }
}

/** How a block is told: deltas as JSON text. */
interface BlockForm {
  /** Said when the block begins. */
  head?: string
  /** What stands around each piece of its text. */
  around?: TextFrame
  /** For a block that is said in one piece at its end. */
  writeWhole?: (text: string) => string
}

/** `callIndex`: which call this block is, if it is one. */
function formOf(block: BlockHead, callIndex: number, forms: ToolForms): BlockForm {
  switch (block.kind) {
    case 'text':
      return { around: { start: '{"content":', end: '}' } }
    case 'thinking':
      return { around: { start: '{"reasoning_content":', end: '}' } }
    case 'redacted-thinking':
    // This API has no word for what the gateway searches by itself.
    case 'web-search':
      return {}
    case 'tool-use':
      if (forms.legacy) return callIndex === 0 ? formOfLegacyCall(block.name) : {}
      return forms.custom.has(block.name) ? formOfCustomCall(block, callIndex) : formOfCall(block, callIndex)
    default:
      return unreachable(block)
  }
}

type CallHead = Extract<BlockHead, { kind: 'tool-use' }>

/** Id, type and name stand in the head alone: clients overwrite or append what a later chunk repeats. */
function formOfCall({ id, name }: CallHead, index: number): BlockForm {
  const call = { index, id, type: 'function', function: { name, arguments: '' } }
  return {
    head: writeJsonLine({ tool_calls: [call] }),
    around: { start: `{"tool_calls":[{"index":${index},"function":{"arguments":`, end: '}}]}' },
  }
}

/** In one piece: the text is a string within the JSON that the model writes, and clients know no deltas of it. */
function formOfCustomCall({ id, name }: CallHead, index: number): BlockForm {
  return {
    writeWhole: (text) => writeJsonLine({ tool_calls: [{ index, ...writeCustomCall(id, name, text) }] }),
  }
}

function formOfLegacyCall(name: string): BlockForm {
  return {
    head: writeJsonLine({ function_call: { name, arguments: '' } }),
    around: { start: '{"function_call":{"arguments":', end: '}}' },
  }
}
