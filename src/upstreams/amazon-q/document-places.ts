/** Which documents of a request are attached to it, which are written out as text, and which can only be left out. */

import { isUtf8 } from 'node:buffer'
import type { DocumentFormat, DocumentPart } from '../../conversation/conversation.ts'
import type { ModelInfo } from '../upstream.ts'

export type DocumentPlace =
  | { kind: 'attached' }
  | { kind: 'text'; text: string }
  | { kind: 'left-out'; why: 'too-large' | 'too-many' | 'not-utf-8' | 'not-read-by-model' }

/** A request has no more. */
export const MAX_DOCUMENTS = 5
/** Of base64: 4.5 MB. */
export const MAX_DOCUMENT_CHARACTERS = 6_000_000

const TEXT_FORMATS: ReadonlySet<DocumentFormat> = new Set(['txt', 'md', 'csv', 'html'])

/** `documents` are those of the whole request, from the oldest on; the places are in the same order. */
export function placeDocuments(
  documents: readonly DocumentPart[],
  model: Pick<ModelInfo, 'takesDocuments'>,
): DocumentPlace[] {
  const attached = model.takesDocuments ? chooseAttached(documents) : new Set<number>()
  return documents.map((document, index) => {
    if (document.base64.length > MAX_DOCUMENT_CHARACTERS) return { kind: 'left-out', why: 'too-large' }
    if (attached.has(index)) return { kind: 'attached' }
    if (document.base64 === '' || TEXT_FORMATS.has(document.format)) return readText(document)
    return { kind: 'left-out', why: model.takesDocuments ? 'too-many' : 'not-read-by-model' }
  })
}

/** By index. Those that cannot be written out go before those that can, and newer before older. */
function chooseAttached(documents: readonly DocumentPart[]): Set<number> {
  const newest = [...documents.keys()].toReversed().filter((index) => {
    const length = documents[index]?.base64.length ?? 0
    return length > 0 && length <= MAX_DOCUMENT_CHARACTERS
  })
  const isText = (index: number) => TEXT_FORMATS.has(documents[index]?.format ?? 'txt')
  const ranked = [...newest.filter((index) => !isText(index)), ...newest.filter(isText)]
  return new Set(ranked.slice(0, MAX_DOCUMENTS))
}

function readText({ base64 }: DocumentPart): DocumentPlace {
  const bytes = Buffer.from(base64, 'base64')
  if (!isUtf8(bytes)) return { kind: 'left-out', why: 'not-utf-8' }
  return { kind: 'text', text: new TextDecoder().decode(bytes) }
}
