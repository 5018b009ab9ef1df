import type { BlockHead, ReplyEvent, Usage } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { Encoder, ReplyHead } from '../dialect.ts'
import { writeJsonLine } from '../json-line.ts'
import { writeErrorBody } from './write-error.ts'
import { writeCompletionHead, writeFinishReason, writeUsage } from './write-reply.ts'

/** Chunks as `data:` lines without event names, ended by `[DONE]`. */
export function createEncoder(head: ReplyHead): Encoder {
  const chunk = frameChunks(head)
  let callCount = 0
  /** What stands around the text in the chunks of the open block; undefined where its text is not told. */
  let frame: TextFrame | undefined

  function push(event: ReplyEvent): string {
    switch (event.type) {
      case 'block-delta':
        if (event.text === '' || frame === undefined) return ''
        return frame.start + writeJsonLine(event.text) + frame.end
      case 'block-start': {
        const delta = deltaAround(event.block, callCount)
        frame = delta && { start: chunk.start + delta.start, end: delta.end + chunk.end }
        if (event.block.kind !== 'tool-use') return ''
        return chunk.start + writeCallHead(event.block, callCount++) + chunk.end
      }
      case 'block-end':
        frame = undefined
        return ''
      case 'reply-end':
        return (
          chunk.finish(writeFinishReason(event.stopReason, callCount > 0)) + chunk.usage(event.usage) + DONE
        )
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
    fail: (failure) => `data: ${writeJsonLine(writeErrorBody(failure))}\n\n`,
  }
}

const DONE = 'data: [DONE]\n\n'

/** Two halves of a JSON text, to be put around a JSON string. */
interface TextFrame {
  start: string
  end: string
}

/** What all chunks of one answer share, written once: `start` and `end` go around a delta. */
function frameChunks(head: ReplyHead) {
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

/** Id, type and name stand here alone: clients overwrite or append what a later chunk repeats. */
function writeCallHead({ id, name }: { id: string; name: string }, index: number): string {
  return writeJsonLine({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] })
}

/** The JSON of a chunk's delta, cut where the text goes. `callIndex`: which call this block is, if it is one. */
function deltaAround(block: BlockHead, callIndex: number): TextFrame | undefined {
  switch (block.kind) {
    case 'text':
      return { start: '{"content":', end: '}' }
    case 'thinking':
      return { start: '{"reasoning_content":', end: '}' }
    case 'redacted-thinking':
      return undefined
    case 'tool-use':
      return { start: `{"tool_calls":[{"index":${callIndex},"function":{"arguments":`, end: '}}]}' }
    default:
      return unreachable(block)
  }
}
