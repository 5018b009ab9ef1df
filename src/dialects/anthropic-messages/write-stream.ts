import type { JsonObject } from '../../conversation/conversation.ts'
import type { BlockHead, ReplyEvent } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { SearchOutcome } from '../../conversation/web-search.ts'
import type { Encoder, ReplyHead } from '../dialect.ts'
import { writeJsonLine } from '../json-line.ts'
import { writeSources, writeSourcesAfterText } from '../write-sources.ts'
import { writeCitations } from './write-citations.ts'
import { writeErrorBody } from './write-error.ts'
import { writeMessageHead, writeStop, writeUsage } from './write-reply.ts'
import { createSearchCount, writeSearchCall, writeSearchResult } from './write-search.ts'

type BlockEnd = Extract<ReplyEvent, { type: 'block-end' }>
type SearchHead = Extract<BlockHead, { kind: 'web-search' }>

const NOT_SEARCHED: SearchOutcome = { kind: 'failed', failure: 'unavailable' }

/** Server-sent events with their names: the SDK skips an event without one, and hands on every name it gets. */
export function createEncoder(head: ReplyHead): Encoder {
  let index = 0
  let usedTools = false
  /** Everything of the open block's delta events that comes before the text; empty where there are none. */
  let deltaPrefix = ''
  let search: SearchHead | undefined
  const searches = createSearchCount()

  function start(block: BlockHead): string {
    deltaPrefix = writeDeltaPrefix(block, index)
    return writeEvent('content_block_start', { index, content_block: writeBlockHead(block) })
  }

  function say(text: string): string {
    return text === '' || deltaPrefix === '' ? '' : `${deltaPrefix}${writeJsonLine(text)}}}\n\n`
  }

  function stop({ signature, citations }: Omit<BlockEnd, 'type'>): string {
    const { native, others } = writeCitations(citations)
    const deltas: JsonObject[] = native.map((citation) => ({ type: 'citations_delta', citation }))
    if (signature !== undefined) deltas.push({ type: 'signature_delta', signature })
    const last = say(writeSourcesAfterText(others)) + deltas.map((delta) => writeDelta(delta, index)).join('')
    deltaPrefix = ''
    return last + writeEvent('content_block_stop', { index: index++ })
  }

  /** Two blocks: what is searched is told at once, what was found when it is there. */
  function startSearch(block: SearchHead): string {
    search = block
    return start(block) + say(JSON.stringify({ query: block.query })) + stop({})
  }

  function stopSearch({ id }: SearchHead, outcome: SearchOutcome): string {
    search = undefined
    searches.note(outcome)
    const result = { index, content_block: writeSearchResult(id, outcome) }
    return writeEvent('content_block_start', result) + stop({})
  }

  function push(event: ReplyEvent): string {
    switch (event.type) {
      case 'block-delta':
        return say(event.text)
      case 'block-start':
        usedTools ||= event.block.kind === 'tool-use'
        return event.block.kind === 'web-search' ? startSearch(event.block) : start(event.block)
      case 'block-end':
        return search === undefined ? stop(event) : stopSearch(search, event.outcome ?? NOT_SEARCHED)
      case 'reply-end': {
        const { citations = [] } = event
        const loose =
          citations.length === 0 ? '' : start({ kind: 'text' }) + say(writeSources(citations)) + stop({})
        const usage = { ...writeUsage(event.usage), ...searches.usage() }
        const end = { delta: writeStop(event, usedTools), usage }
        return loose + writeEvent('message_delta', end) + writeEvent('message_stop', {})
      }
      case 'reply-start':
        return ''
      default:
        return unreachable(event)
    }
  }

  return {
    open: () => writeEvent('message_start', { message: writeOpenMessage(head) }),
    push,
    ping: () => writeEvent('ping', {}),
    fail: (failure) => writeEvent('error', writeErrorBody(failure, head.requestId)),
  }
}

function writeEvent(type: string, payload: JsonObject): string {
  return `event: ${type}\ndata: ${writeJsonLine({ type, ...payload })}\n\n`
}

/** `output_tokens` is 0, never an estimate: LangChain adds it to the final count. */
function writeOpenMessage(head: ReplyHead): JsonObject {
  return {
    ...writeMessageHead(head),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: writeUsage({
      inputTokens: head.inputTokens,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
    }),
  }
}

function writeBlockHead(block: BlockHead): JsonObject {
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: '' }
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' }
    case 'redacted-thinking':
      return { type: 'redacted_thinking', data: block.data }
    case 'tool-use':
      // The input comes in deltas only; the SDK demands an empty object here.
      return { type: 'tool_use', id: block.id, name: block.name, input: {} }
    case 'web-search':
      return writeSearchCall(block.id)
    default:
      return unreachable(block)
  }
}

function writeDeltaPrefix(block: BlockHead, index: number): string {
  const start = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":`
  switch (block.kind) {
    case 'text':
      return `${start}{"type":"text_delta","text":`
    case 'thinking':
      return `${start}{"type":"thinking_delta","thinking":`
    case 'redacted-thinking':
      return ''
    case 'tool-use':
    case 'web-search':
      return `${start}{"type":"input_json_delta","partial_json":`
    default:
      return unreachable(block)
  }
}

function writeDelta(delta: JsonObject, index: number): string {
  return writeEvent('content_block_delta', { index, delta })
}
