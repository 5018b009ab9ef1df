/** Images and documents, in the history as well as in the current message (S19, S27, limits of 8.1). */

import { objectOf, placed, textOf } from './sent-messages.ts'
import type { Placed } from './sent-messages.ts'
import type { Breach, Rule, SentRequest } from './rule.ts'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const MAX_IMAGES = 100
const MAX_IMAGE_CHARACTERS = 5_242_880
const MAX_DOCUMENTS = 5
const MAX_DOCUMENT_CHARACTERS = 6_000_000
const DOCUMENT_NAME = /^[\x20-\x7e]{1,200}$/
const DOCUMENT_FORMATS = new Set(['csv', 'doc', 'docx', 'html', 'md', 'pdf', 'txt', 'xls', 'xlsx'])
/** How the bytes of each format begin, a character for each. */
const BEGINNINGS: ReadonlyMap<string, RegExp> = new Map([
  ['png', /^\u0089PNG\r\n/],
  ['jpeg', /^\u00ff\u00d8\u00ff/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
])
const LONGEST_BEGINNING_CHARACTERS = 16

export const mediaRules: readonly Rule[] = [
  {
    name: 'image-model',
    source: '7.2',
    severity: 'refused',
    findBreaches: (request) =>
      request.model.takesImages
        ? []
        : imagesOf(request).map(({ path }) => ({ path, message: 'the model takes no images' })),
  },
  {
    name: 'image-count',
    source: '8.1',
    severity: 'refused',
    findBreaches: (request) => findTooMany(imagesOf(request), MAX_IMAGES),
  },
  imageRule('image-bytes', '8.2 S19', (image) =>
    BASE64.test(image.base64) ? undefined : 'must be the image itself, in base64',
  ),
  imageRule('image-size', '8.1', ({ base64 }) => findTooLong(base64, MAX_IMAGE_CHARACTERS)),
  imageRule('image-format', '8.1', ({ format }) =>
    BEGINNINGS.has(format) ? undefined : 'the format must be png, jpeg, gif or webp',
  ),
  imageRule('image-mismatch', '8.1', ({ format, base64 }) =>
    BASE64.test(base64) && BEGINNINGS.get(format)?.test(beginningOf(base64)) === false
      ? `the bytes are not those of ${format}`
      : undefined,
  ),
  {
    name: 'document-model',
    source: '8.2 S27',
    severity: 'refused',
    findBreaches: (request) =>
      request.model.takesDocuments
        ? []
        : documentsOf(request).map(({ path }) => ({ path, message: 'the model takes no documents' })),
  },
  {
    name: 'document-count',
    source: '8.1',
    severity: 'refused',
    findBreaches: (request) => findTooMany(documentsOf(request), MAX_DOCUMENTS),
  },
  documentRule('document-bytes', '8.1', ({ base64 }) =>
    BASE64.test(base64) ? undefined : 'must be the document itself, in base64',
  ),
  documentRule('document-size', '8.1', ({ base64 }) => findTooLong(base64, MAX_DOCUMENT_CHARACTERS)),
  documentRule('document-format', '3.6', ({ format }) =>
    DOCUMENT_FORMATS.has(format) ? undefined : 'the service knows no such format',
  ),
  documentRule('document-name', '8.2 S27', ({ name }) =>
    DOCUMENT_NAME.test(name) ? undefined : 'a name has 1 to 200 characters of ASCII',
  ),
  {
    name: 'document-name-twice',
    source: '8.2 S27',
    severity: 'refused',
    *findBreaches(request) {
      const seen = new Set<string>()
      for (const { path, name } of documentsOf(request)) {
        if (seen.has(name)) yield { path: `${path}.name`, message: 'another document has the same name' }
        seen.add(name)
      }
    },
  },
]

interface Medium {
  path: string
  name: string
  format: string
  base64: string
}

type MediumCheck = (medium: Medium) => string | undefined

function imageRule(name: string, source: string, check: MediumCheck): Rule {
  return { name, source, severity: 'refused', findBreaches: (request) => findEach(imagesOf(request), check) }
}

function documentRule(name: string, source: string, check: MediumCheck): Rule {
  return {
    name,
    source,
    severity: 'refused',
    findBreaches: (request) => findEach(documentsOf(request), check),
  }
}

function* findEach(media: readonly Medium[], check: MediumCheck): Iterable<Breach> {
  for (const medium of media) {
    const message = check(medium)
    if (message !== undefined) yield { path: medium.path, message }
  }
}

function findTooMany(media: readonly Medium[], most: number): Breach[] {
  const surplus = media[most]
  return surplus === undefined
    ? []
    : [{ path: surplus.path, message: `there are ${media.length}; the most are ${most}` }]
}

function findTooLong(base64: string, most: number): string | undefined {
  return base64.length > most ? `has ${base64.length} characters of base64; the most are ${most}` : undefined
}

function beginningOf(base64: string): string {
  return Buffer.from(base64.slice(0, LONGEST_BEGINNING_CHARACTERS), 'base64').toString('latin1')
}

function imagesOf(request: SentRequest): Medium[] {
  return mediaOf(request, 'images')
}

function documentsOf(request: SentRequest): Medium[] {
  return mediaOf(request, 'documents')
}

function mediaOf({ messages }: SentRequest, member: 'images' | 'documents'): Medium[] {
  return messages.flatMap(({ members, path }) => placed(members[member], `${path}.${member}`).map(readMedium))
}

function readMedium({ path, value: { name, format, source } }: Placed): Medium {
  return { path, name: textOf(name), format: textOf(format), base64: textOf(objectOf(source)['bytes']) }
}
