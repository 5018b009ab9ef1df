/** What all readers of blocks need: where a block stands, its words, and how it is refused. */
import type { TextPart } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { IgnoredNames } from '../ignored-names.ts'
import type { MediaIntake } from '../media-intake.ts'
import { parseBody } from '../request-body.ts'
import { readCacheMark } from './read-cache-mark.ts'
import type { ToolList } from './read-tools.ts'
import { textBlock, type Block, type Content } from './schema.ts'

/** Where a block stands in the body, and who takes in what it brings along. */
export interface BlockPlace {
  field: string
  media: MediaIntake
  toolList: ToolList
  ignored: IgnoredNames
}

export function blocksOf(content: Content | null | undefined): readonly Block[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return content ?? []
}

/** The place of a block within another. */
export function inside(place: BlockPlace, path: string): BlockPlace {
  return { ...place, field: `${place.field}.${path}` }
}

export function readText(block: Block, { field }: BlockPlace): TextPart {
  // Nearly all blocks are texts, and what else one may have was checked with its type.
  const text = typeof block['text'] === 'string' ? block['text'] : parseBody(textBlock, block, field).text
  return { kind: 'text', text, ...readCacheMark(block) }
}

/** `why` goes on after the block's type, as in `cannot stand in a document`. */
export function refuseBlock({ type }: Block, { field }: BlockPlace, why: string): GatewayError {
  const text = `${field}: type ${JSON.stringify(type.slice(0, 100))} ${why}`
  return new GatewayError('invalid-request', text, { field, code: 'unsupported_value' })
}
