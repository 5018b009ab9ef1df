/** Images, files and sounds in messages. */
import type { DocumentPart, ImageLinkPart, ImagePart } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { percentToBase64 } from './base64.ts'
import type { MediaIntake } from './media-intake.ts'
import { readCacheMark } from './cache-mark.ts'
import type { DocumentBody, FileBody, MediaPart } from './content-schema.ts'
import type { FieldNotes } from './field-notes.ts'

type Media = ImagePart | ImageLinkPart | DocumentPart

/** Where something stands in the body, who takes its images and documents in, and who is told of what is not carried. */
export interface Place {
  field: string
  /** The same place without indexes, as in `messages.content`: so tables of fields and the header of ignored ones call it. */
  element: string
  media: MediaIntake
  notes: FieldNotes
}

/** Throws a GatewayError for sounds, and for files that are not in the request itself. */
export function readMedia(part: MediaPart, place: Place): Media {
  const element = `${place.element}.${part.type}`
  const media = readUnmarked(part, { ...place, element })
  place.notes.mayLose('earlier-media', element)
  const { cacheMark } = readCacheMark(part, place.notes)
  // In place: the intake knows media by their identity.
  if (cacheMark !== undefined) media.cacheMark = cacheMark
  return media
}

/** `place.element`: of the part, with its type. */
function readUnmarked(part: MediaPart, place: Place): Media {
  const { field, element, media, notes } = place
  switch (part.type) {
    case 'image_url': {
      const { image_url: image } = part
      if (typeof image === 'string') return readUrl(image, 'image_url', place)
      noteDetail(image, place)
      return readUrl(image.url, 'image_url.url', place)
    }
    case 'input_image': {
      refuseFileId(part, field)
      noteDetail(part, place)
      const { image_url: image } = part
      if (typeof image === 'string') return readUrl(image, 'image_url', place)
      return readUrl(image?.url ?? missing(`${field}.image_url`), 'image_url.url', place)
    }
    case 'image': {
      const { source } = part
      if (source.type === 'url') return readUrl(source.url, 'source.url', place)
      return media.readBase64(source.data, { field: `${field}.source.data`, element })
    }
    case 'file':
      return readFile(part.file, { ...place, field: `${field}.file` })
    case 'input_file':
      noteDetail(part, place)
      return readFile(part, place)
    case 'document':
      notes.noteIgnored(part, element)
      return readDocumentPart(part, place)
    case 'input_audio':
    case 'output_audio':
    case 'audio':
      throw refusal(field, 'Audio is not supported; send what is said as text', 'unsupported_value')
    default:
      return unreachable(part)
  }
}

/** `path`: of the address within the part. */
function readUrl(url: string, path: string, { field, element, media }: Place): Media {
  return media.readUrl(url, { field: `${field}.${path}`, element })
}

/** How closely the model should look. */
function noteDetail(image: Readonly<Record<string, unknown>>, { element, notes }: Place): void {
  if ((image['detail'] ?? 'auto') !== 'auto') notes.ignored.add(`${element}.detail`)
}

/** `place.field`: of the object that holds `file_data`. */
function readFile(file: FileBody, { field, element, media }: Place): Media {
  const data = file.file_data ?? undefined
  if (data === undefined) {
    refuseFileId(file, field)
    if (file['file_url'] !== undefined && file['file_url'] !== null) {
      const text = 'Files are not fetched from a URL; send the file itself as file_data'
      throw refusal(`${field}.file_url`, text, 'unsupported_value')
    }
    return missing(`${field}.file_data`)
  }
  const at = `${field}.file_data`
  const { mediaType, base64 } = readDataUrl(data)
  if (mediaType?.startsWith('image/') === true) return media.readBase64(base64, { field: at, element })
  return media.readDocument({ base64, mediaType, name: file.filename ?? undefined, field: at }, element)
}

/** What is no data URL is taken as the base64 itself. Those of text are often not base64 (RFC 2397). */
function readDataUrl(url: string): { mediaType?: string; base64: string } {
  const comma = url.indexOf(',')
  const head = url.slice(0, Math.max(comma, 0)).trim().toLowerCase()
  if (!head.startsWith('data:')) return { base64: url }
  const data = url.slice(comma + 1)
  const mediaType = head.slice('data:'.length).split(';', 1)[0] ?? ''
  if (head.endsWith(';base64')) return { mediaType, base64: data }
  return { mediaType: mediaType === '' ? 'text/plain' : mediaType, base64: percentToBase64(data) }
}

function readDocumentPart({ source, title }: DocumentBody, { field, element, media }: Place): Media {
  const label = {
    mediaType: source.media_type ?? undefined,
    name: title ?? undefined,
    field: `${field}.source.data`,
  }
  const data = source.type === 'text' ? { text: source.data } : { base64: source.data }
  return media.readDocument({ ...label, ...data }, element)
}

function refuseFileId({ file_id: id }: Pick<FileBody, 'file_id'>, field: string): void {
  if (id === undefined || id === null) return
  const text = 'No files are kept here; send the file itself instead of its id'
  throw refusal(`${field}.file_id`, text, 'unsupported_value')
}

function missing(field: string): never {
  throw refusal(field, 'Field required', 'missing_required_parameter')
}

function refusal(field: string, text: string, code: string): GatewayError {
  return new GatewayError('invalid-request', `${field}: ${text}`, { field, code })
}
