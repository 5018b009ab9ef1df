/** Content blocks become parts. */
import type {
  AssistantPart,
  TextPart,
  ToolResultPart,
  ToolResultPiece,
  UserPart,
} from '../../conversation/conversation.ts'
import { isJsonObject, parseBody } from '../request-body.ts'
import { blocksOf, inside, readText, refuseBlock, type BlockPlace } from './block-place.ts'
import { describeServerBlock } from './describe-server-block.ts'
import { readCacheMark } from './read-cache-mark.ts'
import { readDocumentBlock, readImage, readSearchResult } from './read-media.ts'
import {
  anyBlocks,
  redactedThinkingBlock,
  thinkingBlock,
  toolReferenceBlock,
  toolResultBlock,
  toolUseBlock,
  type Block,
} from './schema.ts'

/** Content that the client sees as such, so that it may not vanish. */
const UNKNOWN_MEDIA: ReadonlySet<string> = new Set(['audio', 'input_audio', 'video', 'file', 'image_url'])

export function readUserBlock(block: Block, place: BlockPlace): UserPart[] {
  switch (block.type) {
    case 'image':
      return [readImage(block, place)]
    case 'document':
      return readDocumentBlock(block, place)
    case 'tool_result':
      return [readToolResult(block, place)]
    case 'tool_use':
    case 'thinking':
    case 'redacted_thinking':
      throw refuseBlock(block, place, 'belongs into assistant messages')
    default:
      return readWords(block, place)
  }
}

export function readAssistantBlock(block: Block, place: BlockPlace): AssistantPart[] {
  switch (block.type) {
    case 'tool_use': {
      const { id, name, input, ...rest } = parseBody(toolUseBlock, block, place.field)
      return [{ kind: 'tool-use', id, name, input, ...readCacheMark(rest) }]
    }
    case 'thinking': {
      const { thinking, signature } = parseBody(thinkingBlock, block, place.field)
      return [{ kind: 'thinking', text: thinking, ...(signature ? { signature } : {}) }]
    }
    case 'redacted_thinking':
      return [{ kind: 'redacted-thinking', data: parseBody(redactedThinkingBlock, block, place.field).data }]
    case 'image':
    case 'document':
    case 'tool_result':
      throw refuseBlock(block, place, 'belongs into user messages')
    default:
      return readWords(block, place)
  }
}

/** Of a system prompt or a system message. */
export function readSystemBlock(block: Block, place: BlockPlace): string[] {
  switch (block.type) {
    case 'image':
    case 'document':
    case 'tool_use':
    case 'tool_result':
    case 'thinking':
    case 'redacted_thinking':
      throw refuseBlock(block, place, 'cannot stand in a system prompt')
    default:
      return readWords(block, place).map(({ text }) => text)
  }
}

/** What is said in words, by whichever side: text, search results, and the traces of tools that a server ran. */
function readWords(block: Block, place: BlockPlace): TextPart[] {
  switch (block.type) {
    case 'text':
      return [readText(block, place)]
    case 'search_result':
      return [readSearchResult(block, place)]
    case 'tool_addition':
    case 'tool_removal':
      place.toolList.change(block, place.field)
      return []
    case 'compaction':
      changeTools(block, place)
      return readUnusual(block, place)
    default:
      return readUnusual(block, place)
  }
}

/** Unknown types are no reason to refuse a request, unless they carry what words cannot. */
function readUnusual(block: Block, place: BlockPlace): TextPart[] {
  const { type, text, source } = block
  if (UNKNOWN_MEDIA.has(type) || isJsonObject(source)) {
    throw refuseBlock(block, place, 'is not supported here; send it as text, image or document')
  }
  const words = describeServerBlock(block) ?? (typeof text === 'string' ? text : undefined)
  if (words !== undefined) return [{ kind: 'text', text: words, ...readCacheMark(block) }]
  place.ignored.addForeign('messages.content.', type.toLowerCase())
  return []
}

/** A summary of earlier messages brings along what they did to the tools. */
function changeTools({ tool_changes: changes }: Block, place: BlockPlace): void {
  const read = parseBody(anyBlocks, changes ?? [], `${place.field}.tool_changes`)
  for (const [index, change] of read.entries()) {
    place.toolList.change(change, `${place.field}.tool_changes.${index}`)
  }
}

function readToolResult(block: Block, place: BlockPlace): ToolResultPart {
  const result = parseBody(toolResultBlock, block, place.field)
  const content = blocksOf(result.content).flatMap((piece, index) =>
    readToolResultPiece(piece, inside(place, `content.${index}`)),
  )
  return {
    kind: 'tool-result',
    toolUseId: result.tool_use_id,
    content: content.filter((piece) => piece.kind !== 'text' || piece.text !== ''),
    failed: result.is_error ?? false,
    ...readCacheMark(result),
  }
}

function readToolResultPiece(piece: Block, place: BlockPlace): ToolResultPiece[] {
  switch (piece.type) {
    case 'image':
      return [readImage(piece, place)]
    case 'document':
      return readDocumentBlock(piece, place)
    case 'tool_reference': {
      const reference = parseBody(toolReferenceBlock, piece, place.field)
      return [{ kind: 'text', text: `[Tool: ${reference.tool_name}]`, ...readCacheMark(reference) }]
    }
    case 'tool_use':
    case 'tool_result':
    case 'thinking':
    case 'redacted_thinking':
      throw refuseBlock(piece, place, 'cannot stand in a tool result')
    default:
      return readWords(piece, place)
  }
}
