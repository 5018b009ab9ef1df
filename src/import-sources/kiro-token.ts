/** The sign-in of the Kiro IDE, in `~/.aws/sso/cache`: a token in one file, the registration of its client in another. */
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { fieldsOf } from './fields.ts'
import type { Judge } from './judge-row.ts'
import { readSignIn, refusalOf } from './sign-in-record.ts'
import { sharedWith, type Source, type SourceRow } from './source.ts'

const NAME = 'Kiro IDE'
/** It becomes part of a path. */
const HASH = /^[0-9a-f]{16,128}$/i

/** What the file of a name beside the token holds; undefined when there is none that can be read. */
export type ReadBeside = (name: string) => Promise<JsonObject | undefined>

/** A token that names its client by a hash, or that signs in otherwise and has none. */
export function isKiroToken(value: JsonValue): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const fields = fieldsOf(value)
  if (!fields.has('refreshToken', 'accessToken') || fields.has('clientSecret')) return false
  return fields.has('clientIdHash', 'authMethod')
}

export async function readKiroToken(
  token: JsonObject,
  { readBeside, judge }: { readBeside: ReadBeside; judge: Judge },
): Promise<Source> {
  return { kind: 'kiro-ide', rows: [await readRow(token, readBeside, judge)], warning: sharedWith(NAME) }
}

async function readRow(token: JsonObject, readBeside: ReadBeside, judge: Judge): Promise<SourceRow> {
  const named = { row: 1, name: NAME }
  const fields = fieldsOf(token)
  const refusal = refusalOf(fields)
  if (refusal !== undefined) return { ...named, problem: refusal }
  const hash = fields.text('clientIdHash') ?? ''
  if (!HASH.test(hash))
    return { ...named, problem: 'It does not say which client it belongs to: sign in anew.' }
  const registration = await readBeside(`${hash}.json`)
  if (registration === undefined) {
    return {
      ...named,
      problem:
        'The registration of its client is not beside it: copy the file named after its clientIdHash too, from the same folder.',
    }
  }
  const reading = readSignIn({ label: NAME, token, registration, channel: 'kiro-runtime' })
  return 'problem' in reading ? { ...named, problem: reading.problem } : judge(1, reading)
}
