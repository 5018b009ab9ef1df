/** Images as clients send them: base64 in one of four formats, or an address; else refused by the path of the fault. */
import type { ImageFormat, ImageLinkPart, ImagePart } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { toStandardBase64 } from './base64.ts'
import { readImageSize, type ImageSize } from './image-size.ts'

/** The model service refuses more. */
const MAX_BASE64_CHARACTERS = 5_000_000
/** The same limit, in bytes of the image. */
export const MAX_IMAGE_BYTES = (MAX_BASE64_CHARACTERS / 4) * 3
/** Of either side. The model service refuses larger ones (protocol 8.1), and does not say why. */
const MAX_PIXELS = 8000
/** Addresses that carry a whole image in their query are no addresses. */
const MAX_ADDRESS_CHARACTERS = 2048
const MEDIA_TYPE = /^image\/(?:png|x-png|jpe?g|pjpeg|gif|webp)$/i
/** Enough base64 for the longest signature, which is that of WebP. */
const SIGNATURE_CHARACTERS = 24
const ADVICE = 'send the image itself, as data:image/png;base64,…'

/**
 * `field`: the path of `data`, as the client wrote it. Of the four formats the bytes decide, whatever their label says:
 * clients mislabel images, and the model service refuses those whose label is wrong. A label of none of them is refused.
 */
export function readBase64Image(data: string, field: string, mediaType?: string): ImagePart {
  if (mediaType !== undefined && !MEDIA_TYPE.test(mediaType)) {
    const text = 'Input should be image/png, image/jpeg, image/gif or image/webp'
    throw refusal(field.replace(/data$/, 'media_type'), text, 'invalid_value')
  }
  const base64 = toStandardBase64(data)
  if (base64 === undefined) throw refusal(field, 'Input should be base64', 'invalid_value')
  if (base64 === '') throw refusal(field, 'This image is empty', 'invalid_value')
  if (base64.length > MAX_BASE64_CHARACTERS) {
    const text = `This image has ${base64.length} base64 characters, the limit is ${MAX_BASE64_CHARACTERS}; send a smaller one`
    throw refusal(field, text, 'string_above_max_length')
  }
  const format = formatOf(base64)
  if (format === undefined) {
    throw refusal(field, 'Input should be an image in PNG, JPEG, GIF or WebP format', 'invalid_value')
  }
  const problem = problemOfSize(readImageSize(format, base64))
  if (problem !== undefined) throw refusal(field, problem, 'invalid_value')
  return { kind: 'image', format, base64 }
}

/** A data URL is the image itself; an http(s) address becomes a link, and whether to follow it is for others to decide. */
export function readImageUrl(url: string, field: string): ImagePart | ImageLinkPart {
  const comma = url.indexOf(',')
  const head = url.slice(0, Math.max(comma, 0)).trimStart().toLowerCase()
  if (head.startsWith('data:') && head.trimEnd().endsWith(';base64')) {
    return readBase64Image(url.slice(comma + 1), field)
  }
  if (/^\s*https?:/i.test(url)) return readAddress(url.trim(), field)
  throw refusal(field, `This is no base64 data URL; ${ADVICE}`, 'invalid_image_url')
}

function readAddress(address: string, field: string): ImageLinkPart {
  if (address.length > MAX_ADDRESS_CHARACTERS) {
    const text = `This address has ${address.length} characters, the limit is ${MAX_ADDRESS_CHARACTERS}; ${ADVICE}`
    throw refusal(field, text, 'invalid_image_url')
  }
  const url = URL.parse(address)
  if (url === null) throw refusal(field, `This is no valid address; ${ADVICE}`, 'invalid_image_url')
  return { kind: 'image-link', url: url.href, field }
}

/** Undefined when there is none. */
function problemOfSize(size: ImageSize | undefined): string | undefined {
  if (size === undefined) return 'This image is broken: its header does not say how large it is'
  const { width, height } = size
  if (width === 0 || height === 0) return 'This image is empty'
  if (Math.max(width, height) <= MAX_PIXELS) return undefined
  return `This image has ${width} × ${height} pixels, the limit is ${MAX_PIXELS} a side; send a smaller one`
}

/** By the first bytes. */
function formatOf(base64: string): ImageFormat | undefined {
  const start = Buffer.from(base64.slice(0, SIGNATURE_CHARACTERS), 'base64').toString('latin1')
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'gif'
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return 'webp'
  return undefined
}

function refusal(field: string, text: string, code: string): GatewayError {
  return new GatewayError('invalid-request', `${field}: ${text}`, { field, code })
}
