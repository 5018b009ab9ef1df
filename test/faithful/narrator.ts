/** What is said in a story: every piece with a mark of its own, so that a lost one is missed by name. */
import { images } from '../sample-images.ts'
import type { StoryTool } from './stories.ts'

/** Kinds of pieces that a request may lose, if it says so; `text` it may never. */
export type PieceKind = 'text' | 'thinking' | 'image' | 'document'

export interface Piece {
  kind: PieceKind
  mark: string
}

export interface OpenCall {
  id: string
  name: string
}

export type Narrator = ReturnType<typeof createNarrator>

const times = <T>(number: number, make: () => T): T[] => Array.from({ length: number }, make)

export function createNarrator() {
  const said: Piece[] = []
  let count = 0
  let calls: OpenCall[] = []

  function mark(kind: PieceKind, name: string = kind): string {
    count += 1
    const piece = { kind, mark: `${name}-${count}-said` }
    said.push(piece)
    return piece.mark
  }

  const narrator = {
    said,
    mark,
    times,
    text: () => `<p>Wörter "${mark('text')}"\n\t\u2028 {} \u{1f600}</p>`,
    /** Base64 of an image like no other. */
    image(): string {
      count += 1
      const bytes = Buffer.concat([Buffer.from(images.png, 'base64'), Buffer.from(`image-${count}`)])
      const base64 = bytes.toString('base64')
      said.push({ kind: 'image', mark: base64 })
      return base64
    },
    /** Base64 of what is no image. */
    brokenImage: () => Buffer.from(mark('image')).toString('base64'),
    /** The text of a document, or the bytes of one that is no text, as base64. */
    document(format: 'txt' | 'pdf'): string {
      if (format === 'txt') return Buffer.from(`Notes: ${mark('document')}`).toString('base64')
      count += 1
      const base64 = Buffer.from(`%PDF-1.7 ${count}`).toString('base64')
      said.push({ kind: 'document', mark: base64 })
      return base64
    },
    /** A new call; `input` as an object. */
    call(name: string): OpenCall & { input: { path: string; deep: object } } {
      count += 1
      // Some clients count from the beginning in every turn.
      const call = { id: count % 5 === 0 ? 'call_again' : `call_${count}`, name }
      calls.push(call)
      return {
        ...call,
        input: { path: mark('text', 'input'), deep: { list: [mark('text', 'input'), 1, null] } },
      }
    },
    /** The calls that nobody has answered yet; they are not open any more. */
    takeCalls(): OpenCall[] {
      const open = calls
      calls = []
      return open
    },
    tool({ description, schema }: StoryTool) {
      const words = description === 'none' ? '' : mark('text', 'description')
      const filling = description === 'long' ? 'A very long explanation. '.repeat(500) : ''
      const property = { type: 'string', description: mark('text', 'property') }
      return {
        description: description === 'long' ? filling + words : words,
        schema:
          schema === 'plain' ? { type: 'object', properties: { path: property } } : richSchema(property),
      }
    },
  }
  return narrator
}

/** What tools of the field bring along, and what the service would refuse as it is. */
function richSchema(property: object) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: { place: property, tree: { type: 'object', properties: { next: { $ref: '#/$defs/tree' } } } },
    type: 'object',
    properties: {
      place: { $ref: '#/$defs/place' },
      tree: { $ref: '#/$defs/tree' },
      size: { type: ['integer', 'null'], exclusiveMinimum: true },
      mode: { anyOf: [{ const: 'a' }, { const: 'b' }] },
    },
    required: ['place', 'not-there'],
    additionalProperties: false,
    if: { properties: { size: { const: 1 } } },
  }
}
