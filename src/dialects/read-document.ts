/** Documents as clients send them: text, or base64 in one of the formats that the model service knows. */
import { isUtf8 } from 'node:buffer'
import type { DocumentFormat, DocumentPart } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { toStandardBase64 } from './base64.ts'

/** What Amazon's model services take of one document: 4.5 MB. */
const MAX_BASE64_CHARACTERS = 6_000_000
/** Readers of PDF take a file whose header stands within its first kilobyte. */
const PDF_HEADER_WITHIN_BYTES = 1024
const MAX_NAME_CHARACTERS = 200

const formatByMediaType: Readonly<Record<string, DocumentFormat>> = {
  'application/pdf': 'pdf',
  'application/x-pdf': 'pdf',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/csv': 'csv',
  'text/csv': 'csv',
  'application/xhtml+xml': 'html',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/x-markdown': 'md',
}
/** Everything else that is written in plain text is read as such. */
const TEXT_MEDIA_TYPE = /^text\/|[/+.](?:json|xml|yaml|toml|sql|javascript|typescript)$/

const formatByExtension: Readonly<Record<string, DocumentFormat>> = {
  pdf: 'pdf',
  csv: 'csv',
  doc: 'doc',
  docx: 'docx',
  xls: 'xls',
  xlsx: 'xlsx',
  html: 'html',
  htm: 'html',
  txt: 'txt',
  text: 'txt',
  md: 'md',
  markdown: 'md',
}
const binaryFormats: ReadonlySet<DocumentFormat> = new Set(['pdf', 'doc', 'docx', 'xls', 'xlsx'])

export interface UnreadDocument {
  /** Its bytes; or else `text`. */
  base64?: string
  text?: string
  mediaType?: string | undefined
  /** The file's name or title, as the client told it. */
  name?: string | undefined
  /** Path of the document's data, as the client wrote it. */
  field: string
}

/**
 * The bytes decide on the format where they tell it, then the media type, then the name's ending. Throws a
 * GatewayError for what is no base64, too large, of no known format, or empty unless it is text: files may be.
 */
export function readDocument({ base64, text, mediaType, name, field }: UnreadDocument): DocumentPart {
  const named = { kind: 'document' as const, name: readDocumentName(name), field }
  const label = labelOf(mediaType, name)
  if (base64 === undefined) {
    const data = withinLimit(Buffer.from(text ?? '').toString('base64'), field)
    const format = label === undefined || binaryFormats.has(label) ? 'txt' : label
    return { ...named, format, base64: data }
  }
  const standard = toStandardBase64(base64)
  if (standard === undefined) throw refusal(field, 'Input should be base64', 'invalid_value')
  if (standard === '' && (label === undefined || binaryFormats.has(label))) {
    throw refusal(field, 'The document is empty; leave it out', 'invalid_value')
  }
  const data = withinLimit(standard, field)
  const format = formatOf(Buffer.from(data, 'base64'), label)
  if (format !== undefined) return { ...named, format, base64: data }
  const wanted =
    label === undefined ? 'a document in PDF, Word, Excel, HTML or text format' : `a ${label} file`
  throw refusal(field, `Input should be ${wanted}`, 'invalid_value')
}

/** What a document is called that the client gave no name. */
export function readDocumentName(name: string | undefined): string {
  const trimmed = (name ?? '').trim()
  return trimmed === '' ? 'document' : trimmed.slice(0, MAX_NAME_CHARACTERS)
}

function withinLimit(base64: string, field: string): string {
  if (base64.length <= MAX_BASE64_CHARACTERS) return base64
  const text = `This document has ${base64.length} base64 characters, the limit is ${MAX_BASE64_CHARACTERS}; send a smaller one`
  throw refusal(field, text, 'string_above_max_length')
}

/** The format that the client says it is. */
function labelOf(mediaType = '', name = ''): DocumentFormat | undefined {
  const essence = (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (Object.hasOwn(formatByMediaType, essence)) return formatByMediaType[essence]
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (Object.hasOwn(formatByExtension, extension)) return formatByExtension[extension]
  return TEXT_MEDIA_TYPE.test(essence) ? 'txt' : undefined
}

function formatOf(bytes: Buffer, label: DocumentFormat | undefined): DocumentFormat | undefined {
  const start = bytes.toString('latin1', 0, 8)
  if (start.startsWith('%PDF-')) return 'pdf'
  if (start.startsWith('PK\x03\x04')) return officeFormatOf(bytes, label)
  if (start === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1') return oldOfficeFormatOf(bytes, label)
  if (label === 'pdf' && bytes.subarray(0, PDF_HEADER_WITHIN_BYTES).includes('%PDF-')) return 'pdf'
  if (label !== undefined) return binaryFormats.has(label) ? undefined : label
  return isUtf8(bytes) && !bytes.includes(0) ? 'txt' : undefined
}

/** Both formats are zip archives, whose file names stand in the clear. A document of one may embed one of the other. */
function officeFormatOf(bytes: Buffer, label: DocumentFormat | undefined): DocumentFormat | undefined {
  if (label === 'docx' || label === 'xlsx') return label
  if (bytes.includes('word/')) return 'docx'
  return bytes.includes('xl/') ? 'xlsx' : undefined
}

/** Both are compound files, whose streams have UTF-16 names. */
function oldOfficeFormatOf(bytes: Buffer, label: DocumentFormat | undefined): DocumentFormat | undefined {
  if (label === 'doc' || label === 'xls') return label
  if (bytes.includes('WordDocument', 0, 'utf16le')) return 'doc'
  return bytes.includes('Workbook', 0, 'utf16le') ? 'xls' : undefined
}

function refusal(field: string, text: string, code: string): GatewayError {
  return new GatewayError('invalid-request', `${field}: ${text}`, { field, code })
}
