/** The sign-ins in `data.sqlite3` of the Amazon Q CLI and of the Kiro CLI, which keep JSON in tables of keys and values. */
import type { JsonObject } from '../conversation/conversation.ts'
import { parseJsonObject } from '../conversation/parse-json.ts'
import { BUILDER_ID_START_URL } from '../accounts/account.ts'
import type { Judge } from './judge-row.ts'
import { EXTERNAL, readSignIn, SOCIAL, type SignInReading } from './sign-in-record.ts'
import { sharedWith, unreadable, type Source, type SourceRow } from './source.ts'

/** Text of the value under a key of a table; undefined where there is none. */
export type ReadValue = (table: 'auth_kv' | 'state', key: string) => string | undefined

interface CliProgram {
  kind: 'amazon-q-cli' | 'kiro-cli'
  name: string
  /** Keys of what cannot be imported, and why. */
  refused: Readonly<Record<string, string>>
  /** `odic` is how the programs spell it. */
  tokenKey: string
  registrationKey: string
  channel: 'q-json' | 'kiro-runtime'
}

const PROFILE_KEY = 'api.codewhisperer.profile'

const programs: readonly CliProgram[] = [
  {
    kind: 'kiro-cli',
    name: 'Kiro CLI',
    refused: { 'kirocli:social:token': SOCIAL, 'kirocli:external-idp:token': EXTERNAL },
    tokenKey: 'kirocli:odic:token',
    registrationKey: 'kirocli:odic:device-registration',
    channel: 'kiro-runtime',
  },
  {
    kind: 'amazon-q-cli',
    name: 'Amazon Q CLI',
    refused: {},
    tokenKey: 'codewhisperer:odic:token',
    registrationKey: 'codewhisperer:odic:device-registration',
    channel: 'q-json',
  },
]

/** Throws `invalid-request` when nobody is signed in. */
export function readCliDatabase(readValue: ReadValue, judge: Judge): Source {
  for (const program of programs) {
    const readings = readingsOf(program, readValue)
    if (readings.length === 0) continue
    const rows = readings.map((reading, index) => toRow(reading, { row: index + 1, program, judge }))
    return { kind: program.kind, rows, warning: sharedWith(program.name) }
  }
  throw unreadable('It is a database of the Amazon Q CLI or Kiro CLI, but nobody is signed in there.')
}

function toRow(
  reading: SignInReading,
  { row, program, judge }: { row: number; program: CliProgram; judge: Judge },
): SourceRow {
  return 'problem' in reading ? { row, name: program.name, problem: reading.problem } : judge(row, reading)
}

function readingsOf(program: CliProgram, readValue: ReadValue): SignInReading[] {
  const refused = Object.entries(program.refused)
    .filter(([key]) => readValue('auth_kv', key) !== undefined)
    .map(([, problem]) => ({ problem }))
  const token = readValue('auth_kv', program.tokenKey)
  return token === undefined ? refused : [readToken(token, program, readValue), ...refused]
}

function readToken(text: string, program: CliProgram, readValue: ReadValue): SignInReading {
  const token = parseJsonObject(text)
  if (token === undefined) return { problem: 'What the program has stored of this sign-in is damaged.' }
  const registration = parseJsonObject(readValue('auth_kv', program.registrationKey) ?? '')
  if (registration === undefined) {
    return {
      problem: 'The registration of its client is not there, so it cannot be refreshed: sign in anew.',
    }
  }
  const profile = parseJsonObject(readValue('state', PROFILE_KEY) ?? '')
  return readSignIn({
    label: program.name,
    token: withStartUrl(token),
    registration,
    channel: program.channel,
    profileArn: arnOf(profile),
  })
}

/** These programs leave it out for a Builder ID. */
function withStartUrl(token: JsonObject): JsonObject {
  const startUrl = token['start_url']
  return typeof startUrl === 'string' && startUrl !== ''
    ? token
    : { ...token, start_url: BUILDER_ID_START_URL }
}

function arnOf(profile: JsonObject | undefined): string | undefined {
  const arn = profile?.['arn']
  return typeof arn === 'string' && arn !== '' ? arn : undefined
}
