import { describe, expect, it } from 'vitest'
import type { DocumentFormat } from '../conversation/conversation.ts'
import { readDocument } from './read-document.ts'

const base64Of = (bytes: string, encoding: BufferEncoding = 'latin1') =>
  Buffer.from(bytes, encoding).toString('base64')

const pdf = base64Of('%PDF-1.7 …')
const word = base64Of('PK\x03\x04….word/document.xml…')
const sheet = base64Of('PK\x03\x04….xl/workbook.xml…')
const oldMagic = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const compound = (stream: string) => Buffer.concat([oldMagic, Buffer.from(stream, 'utf16le')])
const oldWord = compound('WordDocument').toString('base64')
const oldSheet = compound('Workbook').toString('base64')
const plain = base64Of('a,b\n1,2\n')
const binary = base64Of('\x00\xff\xfe')
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

describe('a document as base64', () => {
  it.each<[string, string | undefined, string | undefined, DocumentFormat]>([
    [pdf, undefined, undefined, 'pdf'],
    [pdf, 'text/plain', 'a.txt', 'pdf'],
    [base64Of('\n\n%PDF-1.4'), 'application/pdf', undefined, 'pdf'],
    [word, undefined, undefined, 'docx'],
    [word, DOCX, undefined, 'docx'],
    [word, 'application/octet-stream', 'A.DOCX', 'docx'],
    [base64Of('PK\x03\x04 word/embeddings xl/workbook.xml'), XLSX, undefined, 'xlsx'],
    [sheet, 'application/zip', undefined, 'xlsx'],
    [oldWord, undefined, undefined, 'doc'],
    [oldWord, 'application/msword', undefined, 'doc'],
    [oldSheet, undefined, undefined, 'xls'],
    [oldMagic.toString('base64'), 'application/vnd.ms-excel', undefined, 'xls'],
    [plain, 'text/csv; charset=utf-8', undefined, 'csv'],
    [plain, 'Text/HTML', undefined, 'html'],
    [plain, undefined, 'notes.markdown', 'md'],
    [plain, 'text/plain', 'table.csv', 'csv'],
    [plain, 'text/x-python', 'a.py', 'txt'],
    [plain, 'application/ld+json', undefined, 'txt'],
    [plain, undefined, undefined, 'txt'],
    [base64Of('caf\xe9'), 'text/plain', undefined, 'txt'],
    [plain, 'application/octet-stream', 'constructor', 'txt'],
    ['', 'text/plain', undefined, 'txt'],
    ['', undefined, '__init__.md', 'md'],
  ])('%s labelled %s, named %s, is %s', (base64, mediaType, name, format) => {
    expect(readDocument({ base64, mediaType, name, field: 'at' })).toMatchObject({ format, base64 })
  })

  it('is made standard base64, and keeps its name and place', () => {
    const written = `${pdf.slice(0, 6)}\n${pdf.slice(6)}`.replaceAll('=', '')
    expect(readDocument({ base64: written, name: ' Plan ', field: 'at' })).toEqual({
      kind: 'document',
      name: 'Plan',
      format: 'pdf',
      base64: pdf,
      field: 'at',
    })
  })

  it.each([
    ['~', undefined, undefined, /^at: Input should be base64/],
    ['', undefined, undefined, /^at: The document is empty/],
    ['', 'application/pdf', undefined, /^at: The document is empty/],
    [binary, undefined, undefined, /^at: Input should be a document in PDF, Word/],
    [plain, 'application/pdf', undefined, /^at: Input should be a pdf file/],
    [plain, undefined, 'a.docx', /^at: Input should be a docx file/],
    [base64Of('PK\x03\x04 any archive'), 'application/zip', undefined, /^at: Input should be a document in/],
    [oldMagic.toString('base64'), undefined, undefined, /^at: Input should be a document in/],
  ])('is refused by its path: %s labelled %s, named %s', (base64, mediaType, name, message) => {
    const failure = {
      kind: 'invalid-request',
      field: 'at',
      code: 'invalid_value',
      message: expect.stringMatching(message),
    }
    expect(() => readDocument({ base64, mediaType, name, field: 'at' })).toThrow(
      expect.objectContaining({ failure }),
    )
  })

  it('has at most 6 000 000 characters', () => {
    const largest = 'JVBERi0x'.padEnd(6_000_000, 'A')
    expect(readDocument({ base64: largest, field: 'at' }).base64).toHaveLength(6_000_000)
    expect(() => readDocument({ base64: `${largest}AAAA`, field: 'at' })).toThrow(
      /^at: This document has 6000004 base64 characters, the limit is 6000000/,
    )
  })
})

describe('a document as text', () => {
  it.each<[string | undefined, string | undefined, DocumentFormat]>([
    [undefined, undefined, 'txt'],
    ['text/plain', undefined, 'txt'],
    ['text/markdown', undefined, 'md'],
    [undefined, 'a.csv', 'csv'],
    ['application/pdf', 'scan.pdf', 'txt'],
  ])('labelled %s, named %s, is %s', (mediaType, name, format) => {
    expect(readDocument({ text: 'naïve', mediaType, name, field: 'at' })).toEqual({
      kind: 'document',
      name: name ?? 'document',
      format,
      base64: base64Of('naïve', 'utf8'),
      field: 'at',
    })
  })

  it('may be empty', () => {
    expect(readDocument({ text: '', field: 'at' })).toMatchObject({ format: 'txt', base64: '' })
  })
})
