/** Content blocks become parts. */
import type {
  AssistantPart,
  CacheMark,
  ImageLinkPart,
  ImagePart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ImageIntake } from '../image-intake.ts'
import type { AssistantBlock, ImageBlock, TextBlock, ToolResultBlock, UserBlock } from './schema.ts'

/** Where a block stands in the body, and who takes its images in. */
interface BlockPlace {
  field: string
  images: ImageIntake
}

export function readUserBlock(block: UserBlock, place: BlockPlace): UserPart {
  switch (block.type) {
    case 'text':
      return readText(block)
    case 'image':
      return readImage(block, place)
    case 'tool_result':
      return readToolResult(block, place)
    default:
      return unreachable(block)
  }
}

export function readAssistantBlock(block: AssistantBlock): AssistantPart {
  switch (block.type) {
    case 'text':
      return readText(block)
    case 'tool_use':
      return { kind: 'tool-use', id: block.id, name: block.name, input: block.input, ...readCacheMark(block) }
    case 'thinking': {
      const signature = block.signature ?? ''
      return { kind: 'thinking', text: block.thinking, ...(signature === '' ? {} : { signature }) }
    }
    case 'redacted_thinking':
      return { kind: 'redacted-thinking', data: block.data }
    default:
      return unreachable(block)
  }
}

/** `cache_control` of a block or a tool. */
export function readCacheMark({ cache_control: mark }: Pick<TextBlock, 'cache_control'>): {
  cacheMark?: CacheMark
} {
  if (mark === undefined || mark === null) return {}
  const ttl = mark.ttl ?? undefined
  return { cacheMark: ttl === undefined ? {} : { ttl } }
}

export function blocksOf<B>(content: string | readonly B[]): readonly (B | TextBlock)[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

export function textsOf(content: string | readonly TextBlock[]): string[] {
  return blocksOf(content)
    .map((block) => block.text)
    .filter((text) => text !== '')
}

function readText(block: TextBlock): TextPart {
  return { kind: 'text', text: block.text, ...readCacheMark(block) }
}

function readImage(block: ImageBlock, { field, images }: BlockPlace): ImagePart | ImageLinkPart {
  const { source } = block
  const image =
    source.type === 'url'
      ? images.readUrl(source.url, `${field}.source.url`)
      : images.readBase64(source.data, `${field}.source.data`)
  const mark = readCacheMark(block)
  if (mark.cacheMark !== undefined) image.cacheMark = mark.cacheMark
  return image
}

function readToolResult(block: ToolResultBlock, { field, images }: BlockPlace): ToolResultPart {
  const content = blocksOf(block.content ?? '').flatMap((piece, index): ToolResultPart['content'] => {
    if (piece.type === 'image') return [readImage(piece, { field: `${field}.content.${index}`, images })]
    return piece.text === '' ? [] : [readText(piece)]
  })
  return {
    kind: 'tool-result',
    toolUseId: block.tool_use_id,
    content,
    failed: block.is_error ?? false,
    ...readCacheMark(block),
  }
}
