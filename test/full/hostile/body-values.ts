/** What bodies of all three APIs are made of: words, names, schemas, pictures, files. */
import fc from 'fast-check'
import { imageFormats, images } from '../../sample-images.ts'

export type JsonObject = Record<string, unknown>

/** The words of the last message of the user: as long as they are there, something is asked. */
export const ANCHOR = 'What comes of all this?'

/** A model that takes images, documents of every kind, and thinking. */
export const MODEL = 'claude-sonnet-4.6'

export const words = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'Some words.', 'two\n\nlines', '数据 \u{1F6B0}', '\u202eالعربية\u200d'),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => text.trim() !== ''),
  },
)

const toolNames = ['ls', 'read_file', 'mcp__server__do-it', 'x'.repeat(64)] as const
export const toolName = fc.constantFrom(...toolNames)

const leaf = fc.constantFrom<JsonObject[]>(
  { type: 'string', description: 'a path' },
  { type: 'integer', minimum: 0 },
  { type: ['string', 'null'] },
  { enum: ['a', 'b', 1, null] },
  { type: 'array', items: { type: 'string' }, minItems: 1 },
  { anyOf: [{ type: 'boolean' }, { type: 'null' }], default: null },
  { $ref: '#/$defs/node' },
)

/** The schema of an object, as tools and structured answers have it. */
export const objectSchema: fc.Arbitrary<JsonObject & { type: 'object' }> = fc
  .record({
    properties: fc.dictionary(fc.constantFrom('path', 'lines', 'opción', 'a.b', 'constructor'), leaf, {
      maxKeys: 3,
    }),
    isClosed: fc.boolean(),
  })
  .map(({ properties, isClosed }) => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    ...(isClosed && { additionalProperties: false }),
  }))

/** What a call of a tool is given. */
export const toolInput: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('path', 'lines', '数据'),
  fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null), fc.array(words, { maxLength: 2 })),
  { maxKeys: 3 },
)

export const image = fc.constantFrom(...imageFormats).map((format) => {
  const mediaType = `image/${format}` as const
  return { mediaType, data: images[format], url: `data:${mediaType};base64,${images[format]}` }
})

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n').toString('base64')

export const pdf = { base64: PDF, url: `data:application/pdf;base64,${PDF}` }
export const textFile = `data:text/plain;base64,${Buffer.from('a text').toString('base64')}`

/** The model service takes five documents in a request, and hardly any client sends more. */
const MOST_DOCUMENTS = 5

/** `marks`: how documents show in JSON. */
export function hasFewDocuments(body: unknown, marks: RegExp): boolean {
  return (JSON.stringify(body).match(marks) ?? []).length <= MOST_DOCUMENTS
}
