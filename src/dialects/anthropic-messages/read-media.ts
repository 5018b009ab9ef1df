/** Blocks that bring something along: images, documents, search results. */
import type { DocumentPart, ImageLinkPart, ImagePart, TextPart } from '../../conversation/conversation.ts'
import { parseBody } from '../request-body.ts'
import { blocksOf, inside, readText, refuseBlock, type BlockPlace } from './block-place.ts'
import { readCacheMark } from './read-cache-mark.ts'
import { documentBlock, imageBlock, searchResultBlock, type Block, type DocumentBlock } from './schema.ts'

type Media = TextPart | ImagePart | ImageLinkPart | DocumentPart

const IMAGE = 'messages.content.image'
const DOCUMENT = 'messages.content.document'

export function readImage(block: Block, { field, media }: BlockPlace): ImagePart | ImageLinkPart {
  const { source, ...rest } = parseBody(imageBlock, block, field)
  const image: ImagePart | ImageLinkPart =
    source.type === 'url'
      ? media.readUrl(source.url, { field: `${field}.source.url`, element: IMAGE })
      : media.readBase64(source.data, { field: `${field}.source.data`, element: IMAGE }, source.media_type)
  // The intake knows the image by its identity, so it is not copied.
  return Object.assign(image, readCacheMark(rest))
}

/** A document's context is said before it. Its parts, when it is given as blocks, follow its title. */
export function readDocumentBlock(block: Block, place: BlockPlace): Media[] {
  const document = parseBody(documentBlock, block, place.field)
  const context = document.context ?? ''
  const parts = readSource(document, place)
  const last = parts.at(-1)
  if (last !== undefined) Object.assign(last, readCacheMark(document))
  return context === '' ? parts : [{ kind: 'text', text: context }, ...parts]
}

function readSource({ source, title }: DocumentBlock, place: BlockPlace): Media[] {
  const name = title ?? undefined
  const field = `${place.field}.source`
  if (source.type !== 'content') {
    const told = { name, mediaType: source.media_type ?? undefined, field: `${field}.data` }
    const data = source.type === 'text' ? { text: source.data } : { base64: source.data }
    return [place.media.readDocument({ ...told, ...data }, DOCUMENT)]
  }
  if (typeof source.content === 'string') {
    return [place.media.readDocument({ text: source.content, name, field: `${field}.content` }, DOCUMENT)]
  }
  const heading: Media[] = name === undefined ? [] : [{ kind: 'text', text: `Document: ${name}` }]
  const pieces = source.content.map((piece, index) =>
    readPiece(piece, inside(place, `source.content.${index}`)),
  )
  return [...heading, ...pieces]
}

function readPiece(piece: Block, place: BlockPlace): Media {
  if (piece.type === 'image') return readImage(piece, place)
  if (piece.type === 'text') return readText(piece, place)
  throw refuseBlock(piece, place, 'cannot stand in a document')
}

/** The model service knows no search results, so they are told in words. */
export function readSearchResult(block: Block, place: BlockPlace): TextPart {
  const { title, source, content, ...rest } = parseBody(searchResultBlock, block, place.field)
  const texts = blocksOf(content).map((piece, index) => {
    if (piece.type === 'text') return readText(piece, inside(place, `content.${index}`)).text
    throw refuseBlock(piece, inside(place, `content.${index}`), 'cannot stand in a search result')
  })
  const head = [title ? `Search result: ${title}` : 'Search result', ...(source ? [`Source: ${source}`] : [])]
  return { kind: 'text', text: [head.join('\n'), ...texts].join('\n\n'), ...readCacheMark(rest) }
}
