/** Images and documents, in the history as well as in the current message. */
import type { Model } from '../models.ts'
import type { Limits } from '../switches.ts'
import { readDimensions } from './image-dimensions.ts'
import { userTurnsOf, type Turn } from './turns.ts'
import { refused, type Violation } from './violation.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const IMAGE_FORMATS = ['gif', 'jpeg', 'png', 'webp']
const DOCUMENT_NAME = /^[\x20-\x7e]{1,200}$/
const DOCUMENT_FORMATS = ['csv', 'doc', 'docx', 'html', 'md', 'pdf', 'txt', 'xls', 'xlsx']

interface MediaContext {
  limits: Limits
  model: Model | undefined
}

interface Medium {
  path: string
  name?: string | undefined
  format: string
  base64: string
}

export function checkImages(turns: Turn[], { limits, model }: MediaContext): Violation[] {
  const images = userTurnsOf(turns).flatMap(({ path, message }) =>
    (message.images ?? []).map(({ format, source }, index) => ({
      path: `${path}.images.${index}`,
      format,
      base64: source.bytes,
    })),
  )
  const [first] = images
  if (first === undefined) return []
  if (model?.images === false) {
    return [refused({ rule: 'image-model', path: first.path, message: `${model.modelId} takes text only` })]
  }
  const pixels = images.length > limits.manyImages ? limits.imagePixelsAmongMany : limits.imagePixels
  const count =
    images.length > limits.imagesPerRequest
      ? [tooMany('image-count', first.path, `${images.length} images are too many`, 'IMAGE_COUNT_EXCEEDED')]
      : []
  return [...count, ...images.flatMap((image) => checkImage(image, { limits, pixels }))]
}

function checkImage(
  { path, format, base64 }: Medium,
  { limits, pixels }: { limits: Limits; pixels: number },
): Violation[] {
  const fault = (rule: string, message: string, reason: string) =>
    refused({ rule, path, message, reason, says: message })
  if (!IMAGE_FORMATS.includes(format)) {
    return [fault('image-format', `${format} is not an image format`, 'IMAGE_FORMAT_UNSUPPORTED')]
  }
  if (base64.length > limits.imageBase64Characters) {
    const message = `image exceeds 5 MB maximum: ${base64.length} bytes > ${limits.imageBase64Characters} bytes`
    return [fault('image-size', message, 'IMAGE_SIZE_EXCEEDED')]
  }
  if (base64 === '' || !BASE64.test(base64)) {
    return [refused({ rule: 'image-bytes', path: `${path}.source.bytes`, message: 'must be base64' })]
  }
  const bytes = Buffer.from(base64, 'base64')
  const found = sniffFormat(bytes)
  if (found !== format) {
    const message = `the image is labelled ${format} but is ${found ?? 'unknown'}`
    return [fault('image-mime', message, 'IMAGE_MIME_MISMATCH')]
  }
  const { width, height } = readDimensions(format, bytes) ?? { width: 0, height: 0 }
  if (Math.max(width, height) <= pixels) return []
  const message = `image dimensions exceed ${pixels} pixels: ${width} x ${height}`
  return [fault('image-dimension', message, 'IMAGE_DIMENSION_EXCEEDED')]
}

/** The format by its first bytes. */
function sniffFormat(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 12)
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'gif'
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return 'webp'
  return undefined
}

export function checkDocuments(turns: Turn[], { limits, model }: MediaContext): Violation[] {
  const documents = userTurnsOf(turns).flatMap(({ path, message }) =>
    (message.documents ?? []).map(({ name, format, source }, index) => ({
      path: `${path}.documents.${index}`,
      name,
      format,
      base64: source.bytes,
    })),
  )
  const [first] = documents
  if (first === undefined) return []
  if (model?.documents !== true) {
    const message = `${model?.modelId ?? 'the default model'} takes no documents`
    const reason = 'DOCUMENT_MODEL_NOT_SUPPORTED'
    return [refused({ rule: 'document-model', path: first.path, message, reason })]
  }
  const count =
    documents.length > limits.documentsPerRequest
      ? [tooMany('document-count', first.path, 'too many documents', 'DOCUMENT_COUNT_EXCEEDED')]
      : []
  return [
    ...count,
    ...checkDocumentNames(documents),
    ...documents.flatMap((each) => checkDocument(each, limits)),
  ]
}

/** S27: names are ASCII, and no two are the same in the whole request. */
function checkDocumentNames(documents: Medium[]): Violation[] {
  const names = documents.map(({ name }) => name)
  const odd = documents
    .filter(({ name = '' }) => !DOCUMENT_NAME.test(name))
    .map(({ path }) =>
      refused({ rule: 'S27', path: `${path}.name`, message: `must match ${String(DOCUMENT_NAME)}` }),
    )
  const repeated = documents
    .filter(({ name }, index) => names.indexOf(name) < index)
    .map(({ path, name }) =>
      refused({
        rule: 'S27',
        path: `${path}.name`,
        message: `two documents are named ${name}`,
        reason: 'DOCUMENT_DUPLICATE_NAME',
      }),
    )
  return [...odd, ...repeated]
}

function checkDocument({ path, format, base64 }: Medium, limits: Limits): Violation[] {
  if (!DOCUMENT_FORMATS.includes(format)) {
    return [refused({ rule: 'document-format', path: `${path}.format`, message: `${format} is unknown` })]
  }
  if (base64.length > limits.documentBase64Characters) {
    const message = `a document has at most ${limits.documentBase64Characters} base64 characters`
    return [refused({ rule: 'document-size', path, message, reason: 'DOCUMENT_SIZE_EXCEEDED' })]
  }
  if (base64 !== '' && BASE64.test(base64)) return []
  return [refused({ rule: 'document-bytes', path: `${path}.source.bytes`, message: 'must be base64' })]
}

function tooMany(rule: string, path: string, message: string, reason: string): Violation {
  return refused({ rule, path, message, reason })
}
