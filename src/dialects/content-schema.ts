/** Parts of messages, in the shapes of all three client APIs: some clients send the shapes of one to the route of another. */
import * as z from 'zod'
import { jsonObject, listOf } from './request-body.ts'

const textPart = z.looseObject({
  type: z.literal(['text', 'input_text', 'output_text']),
  text: z.string(),
})

const imageUrlPart = z.looseObject({
  type: z.literal('image_url'),
  // An object by the API; some clients send the bare string.
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]),
})

/** The shape of the Responses API. */
const inputImagePart = z.looseObject({
  type: z.literal('input_image'),
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]).nullish(),
  file_id: z.string().nullish(),
})

/** Anthropic's shape. */
const imagePart = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('base64'), data: z.string() }),
    z.looseObject({ type: z.literal('url'), url: z.string() }),
  ]),
})

const file = {
  file_data: z.string().nullish(),
  file_id: z.string().nullish(),
  filename: z.string().nullish(),
}
const filePart = z.looseObject({ type: z.literal('file'), file: z.looseObject(file) })

/** The shape of the Responses API. */
const inputFilePart = z.looseObject({
  type: z.literal('input_file'),
  file_url: z.string().nullish(),
  ...file,
})

/** Anthropic's shape. */
const documentPart = z.looseObject({
  type: z.literal('document'),
  title: z.string().nullish(),
  source: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('base64'), media_type: z.string().nullish(), data: z.string() }),
    z.looseObject({ type: z.literal('text'), media_type: z.string().nullish(), data: z.string() }),
  ]),
})

const audioPart = z.looseObject({ type: z.literal(['input_audio', 'output_audio', 'audio']) })

/** What stands for every type that is not known here; `unknownType` is its name. */
const unknownPart = z.looseObject({
  type: z.literal('unknown'),
  unknownType: z.string(),
  text: z.string().nullish().catch(null),
})

const pieces = [
  textPart,
  imageUrlPart,
  inputImagePart,
  imagePart,
  filePart,
  inputFilePart,
  documentPart,
  audioPart,
] as const

/** What can be said to the model, or stand in the result of a tool. */
const piece = z.preprocess(
  markUnknown(typesOf(pieces)),
  z.discriminatedUnion('type', [...pieces, unknownPart]),
)

export const pieceContent = z.union([z.string(), listOf(piece)])

const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() })

/** JSON text by the API; some clients send the object itself. */
export const toolInput = z.union([z.string(), jsonObject]).nullish()

/** Anthropic's shapes, which Cursor sends for models that are called Claude. */
const toolUsePart = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: toolInput,
})
const toolResultPart = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: pieceContent.nullish(),
  is_error: z.boolean().nullish(),
})
const thinkingPart = z.looseObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().nullish(),
})
const redactedThinkingPart = z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() })

/** How some libraries write thinking back into a conversation. */
const reasoningPart = z.looseObject({ type: z.literal('reasoning'), text: z.string().nullish() })

const spoken = [
  ...pieces,
  refusalPart,
  toolUsePart,
  toolResultPart,
  thinkingPart,
  redactedThinkingPart,
  reasoningPart,
] as const

/** What can stand in a message of the user or of the assistant. */
const spokenPart = z.preprocess(
  markUnknown(typesOf(spoken)),
  z.discriminatedUnion('type', [...spoken, unknownPart]),
)

export const spokenContent = z.union([z.string(), listOf(spokenPart)])

/** Unknown types are no fault: whatever a client invents, the rest of its request can be answered. */
function markUnknown(known: ReadonlySet<string>) {
  return (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null || !('type' in part)) return part
    const { type } = part
    if (typeof type !== 'string' || known.has(type)) return part
    return { ...part, type: 'unknown', unknownType: type }
  }
}

function typesOf(
  options: readonly { shape: { type: { values: ReadonlySet<string> } } }[],
): ReadonlySet<string> {
  return new Set(options.flatMap(({ shape }) => [...shape.type.values]))
}

export type ToolInput = z.output<typeof toolInput>
export type PiecePart = z.output<typeof piece>
export type SpokenPart = z.output<typeof spokenPart>
export type ToolResultBody = z.output<typeof toolResultPart>
export type MediaPart = Exclude<PiecePart, z.output<typeof textPart> | z.output<typeof unknownPart>>
export type ThinkingBody = z.output<typeof thinkingPart | typeof redactedThinkingPart | typeof reasoningPart>
export type FileBody = z.output<typeof filePart>['file']
export type DocumentBody = z.output<typeof documentPart>
