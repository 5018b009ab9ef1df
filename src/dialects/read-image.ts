/** Images as clients send them: base64 in one of four formats, else refused by the path of the fault. */
import type { ImageFormat, ImagePart } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { toStandardBase64 } from './base64.ts'

/** The model service refuses more, some 3.7 MB of image. */
const MAX_BASE64_CHARACTERS = 5_000_000
/** Enough base64 for the longest signature, which is that of WebP. */
const SIGNATURE_CHARACTERS = 24

/**
 * `field`: the path of `data`, as the client wrote it. The bytes decide on the format, whatever their label says:
 * clients mislabel images, and the model service refuses those whose label is wrong.
 */
export function readBase64Image(data: string, field: string): ImagePart {
  const base64 = toStandardBase64(data)
  if (base64 === undefined) throw refusal(field, 'Input should be base64', 'invalid_value')
  if (base64.length > MAX_BASE64_CHARACTERS) {
    const text = `This image has ${base64.length} base64 characters, the limit is ${MAX_BASE64_CHARACTERS}; send a smaller one`
    throw refusal(field, text, 'string_above_max_length')
  }
  const format = formatOf(base64)
  if (format !== undefined) return { kind: 'image', format, base64 }
  throw refusal(field, 'Input should be an image in PNG, JPEG, GIF or WebP format', 'invalid_value')
}

/** Takes data URLs alone: the gateway does not go to addresses that strangers name. */
export function readImageUrl(url: string, field: string): ImagePart {
  const comma = url.indexOf(',')
  const head = url.slice(0, Math.max(comma, 0)).trimStart().toLowerCase()
  if (head.startsWith('data:') && head.trimEnd().endsWith(';base64')) {
    return readBase64Image(url.slice(comma + 1), field)
  }
  const advice = 'send the image itself, as data:image/png;base64,…'
  const isAddress = /^\s*https?:/i.test(url)
  const text = isAddress
    ? `Images are not fetched from a URL; ${advice}`
    : `This is no base64 data URL; ${advice}`
  throw refusal(field, text, 'invalid_image_url')
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
