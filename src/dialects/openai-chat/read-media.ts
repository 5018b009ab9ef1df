/** Images, files and sounds in messages. */
import type { DocumentPart, ImageLinkPart, ImagePart } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ImageIntake } from '../image-intake.ts'
import { readDocument } from '../read-document.ts'
import { readCacheMark } from './cache-mark.ts'
import type { DocumentBody, FileBody, MediaPart } from './content-schema.ts'
import type { FieldNotes } from './field-notes.ts'
import { noteIgnored } from './list-ignored.ts'

type Media = ImagePart | ImageLinkPart | DocumentPart

/** Where something stands in the body, who takes its images in, and who is told of what is not carried. */
export interface Place {
  field: string
  images: ImageIntake
  notes: FieldNotes
}

/** Throws a GatewayError for sounds, and for files that are not in the request itself. */
export function readMedia(part: MediaPart, place: Place): Media {
  const media = readUnmarked(part, place)
  place.notes.mayLose('earlier-media', `messages.content.${part.type}`)
  const { cacheMark } = readCacheMark(part, place.notes)
  // In place: the intake knows its images by identity.
  if (cacheMark !== undefined) media.cacheMark = cacheMark
  return media
}

function readUnmarked(part: MediaPart, { field, images, notes }: Place): Media {
  switch (part.type) {
    case 'image_url': {
      const { image_url: image } = part
      if (typeof image === 'string') return images.readUrl(image, `${field}.image_url`)
      noteDetail(image, 'image_url', notes)
      return images.readUrl(image.url, `${field}.image_url.url`)
    }
    case 'input_image': {
      refuseFileId(part, field)
      noteDetail(part, 'input_image', notes)
      const { image_url: image } = part
      if (typeof image === 'string') return images.readUrl(image, `${field}.image_url`)
      return images.readUrl(image?.url ?? missing(`${field}.image_url`), `${field}.image_url.url`)
    }
    case 'image': {
      const { source } = part
      if (source.type === 'url') return images.readUrl(source.url, `${field}.source.url`)
      return images.readBase64(source.data, `${field}.source.data`)
    }
    case 'file':
      return readFile(part.file, { field: `${field}.file`, images, notes })
    case 'input_file':
      return readFile(part, { field, images, notes })
    case 'document':
      noteIgnored(part, 'messages[].content[].document', notes)
      return readDocumentPart(part, field)
    case 'input_audio':
    case 'output_audio':
    case 'audio':
      throw refusal(field, 'Audio is not supported; send what is said as text', 'unsupported_value')
    default:
      return unreachable(part)
  }
}

/** How closely the model should look. */
function noteDetail(element: Readonly<Record<string, unknown>>, type: string, notes: FieldNotes): void {
  if ((element['detail'] ?? 'auto') !== 'auto') notes.ignored.add(`messages.content.${type}.detail`)
}

/** `place.field`: of the object that holds `file_data`. */
function readFile(file: FileBody, { field, images }: Place): Media {
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
  const { mediaType, base64 } = readDataUrl(data, at)
  if (mediaType?.startsWith('image/') === true) return images.readBase64(base64, at)
  return readDocument({ base64, mediaType, name: file.filename ?? undefined, field: at })
}

/** What is no data URL is taken as the base64 itself. */
function readDataUrl(url: string, field: string): { mediaType?: string; base64: string } {
  const comma = url.indexOf(',')
  const head = url.slice(0, Math.max(comma, 0)).trim().toLowerCase()
  if (!head.startsWith('data:')) return { base64: url }
  if (head.endsWith(';base64')) {
    return { mediaType: head.slice('data:'.length).split(';', 1)[0] ?? '', base64: url.slice(comma + 1) }
  }
  throw refusal(field, 'This is no base64 data URL; send data:application/pdf;base64,…', 'invalid_value')
}

function readDocumentPart({ source, title }: DocumentBody, field: string): DocumentPart {
  const label = {
    mediaType: source.media_type ?? undefined,
    name: title ?? undefined,
    field: `${field}.source.data`,
  }
  return source.type === 'text'
    ? readDocument({ ...label, text: source.data })
    : readDocument({ ...label, base64: source.data })
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
