/** Accounts in a file of text: JSON in any of its known shapes, or a table. */
import { isEnvelope } from '../access/export-envelope.ts'
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { parseJson } from '../conversation/parse-json.ts'
import { readCsvRecord, readOwnRecord } from './account-record.ts'
import { fieldsOf, plainName } from './fields.ts'
import type { Candidate, Judge } from './judge-row.ts'
import { isKiroToken, readKiroToken, type ReadBeside } from './kiro-token.ts'
import { parseCsv } from './parse-csv.ts'
import { readSignIn, refusalOf } from './sign-in-record.ts'
import { MOST_ROWS, sharedWith, tooManyRows, unreadable, type Source, type SourceRow } from './source.ts'

export interface TextParts {
  judge: Judge
  readBeside: ReadBeside
  /** Opens what was exported with a passphrase; absent: no passphrase is known. */
  openEnvelope: ((envelope: unknown) => Promise<string>) | undefined
}

const OWN_FORMAT = 'aqueduct-accounts'
const OWN_VERSION = 1
const OTHERS = 'the program that has written this file'

/** Throws `invalid-request` with a sentence. */
export async function readTextSource(text: string, parts: TextParts): Promise<Source> {
  if (text.trim() === '') throw unreadable('It is empty.')
  if (/^\s*[[{]/.test(text)) return readJson(text, parts)
  return readTable(text, parts.judge)
}

function readTable(text: string, judge: Judge): Source {
  const [line = ''] = text.split(/[\r\n]/, 1)
  if (!plainName(line).includes('clientid')) {
    throw unreadable(
      'It is neither JSON, nor a table whose first line names the columns, among them clientId.',
    )
  }
  const rows = parseCsv(text, MOST_ROWS).map((record, index) => judge(index + 1, readCsvRecord(record)))
  return { kind: 'csv', rows, warning: sharedWith(OTHERS) }
}

async function readJson(text: string, parts: TextParts): Promise<Source> {
  // Its length is limited, so what is in it need not be counted.
  const value = parseJson(text, Infinity)
  if (value === undefined) throw unreadable('It begins like JSON but is none: it is damaged, or was cut off.')
  if (isEnvelope(value)) return readEnvelope(value, parts)
  if (isKiroToken(value)) return readKiroToken(value, parts)
  const isOwn = isObject(value) && value['format'] === OWN_FORMAT
  if (isOwn && value['version'] !== OWN_VERSION) {
    throw unreadable('It was exported by a newer version of this gateway: update this one first.')
  }
  const rows = accountsIn(value).map((each, index) => readRow(index + 1, each, parts.judge))
  return {
    kind: isOwn ? 'aqueduct-export' : 'json',
    rows,
    warning: sharedWith(isOwn ? 'the other gateway' : OTHERS),
  }
}

async function readEnvelope(envelope: JsonValue, parts: TextParts): Promise<Source> {
  if (parts.openEnvelope === undefined) throw unreadable('It is locked: its passphrase is needed.')
  const text = await parts.openEnvelope(envelope)
  // An envelope in an envelope is none that this gateway has made.
  return readJson(text, { ...parts, openEnvelope: undefined })
}

/** A list, an object that has one as its only or best-known member, or one account alone. */
function accountsIn(value: JsonValue): JsonValue[] {
  const list = listIn(value)
  if (list === undefined) throw unreadable('It is JSON, but no list of accounts is in it.')
  if (list.length > MOST_ROWS) throw tooManyRows()
  return list
}

function listIn(value: JsonValue): JsonValue[] | undefined {
  if (isList(value)) return value
  if (!isObject(value)) return undefined
  const { accounts } = value
  if (accounts !== undefined && isList(accounts)) return accounts
  return fieldsOf(value).has('clientId', 'refreshToken') ? [value] : undefined
}

function readRow(row: number, value: JsonValue, judge: Judge): SourceRow {
  if (!isObject(value)) return { row, problem: 'It is no object, so no account either.' }
  const fields = fieldsOf(value)
  const problem = refusalOf(fields)
  if (problem !== undefined) return { row, problem }
  const reading = fields.has('authMethod') ? readToolRecord(value) : readOwnRecord(value)
  return 'problem' in reading ? { row, problem: reading.problem } : judge(row, reading)
}

/** As tools around Kiro keep them: a sign-in with its client in one, whose region is that of the sign-in. */
function readToolRecord(value: JsonObject): Candidate | { problem: string } {
  const reading = readSignIn({ label: '', token: value, registration: value, channel: 'kiro-runtime' })
  if ('problem' in reading) return reading
  const { body, history } = readOwnRecord(value)
  return {
    body: { ...reading.body, label: body['label'], enabled: body['enabled'], other: body['other'] },
    history: { ...history, ...reading.history },
  }
}

function isList(value: JsonValue): value is JsonValue[] {
  return Array.isArray(value)
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
