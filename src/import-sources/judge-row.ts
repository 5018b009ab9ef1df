/** The last step of every source: a body as `POST /v2/accounts` takes it becomes an account, or the reason why it cannot. */
import type { AccountHistory } from '../accounts/account-input.ts'
import { toGatewayError } from '../conversation/failures.ts'
import type { ReadAccount, SourceRow } from './source.ts'

const MOST_LABEL_CHARACTERS = 200

export interface Candidate {
  body: Readonly<Record<string, unknown>>
  history: AccountHistory
}

export type Judge = (row: number, candidate: Candidate) => SourceRow

export function createJudge(readAccount: ReadAccount): Judge {
  return (row, { body, history }) => {
    const label = typeof body['label'] === 'string' ? presentable(body['label']) : ''
    const named = { row, ...(label !== '' && { name: label }) }
    const problem = problemOf(body)
    if (problem !== undefined) return { ...named, problem }
    try {
      const account = readAccount(withoutAbsent({ ...body, label: label === '' ? null : label }))
      return { ...named, account: { ...account, history } }
    } catch (error) {
      return { ...named, problem: sentenceOf(error) }
    }
  }
}

function withoutAbsent(body: Candidate['body']): Candidate['body'] {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
}

/** Without what a terminal would take for a command, and of a length that the gateway keeps. */
function presentable(label: string): string {
  const plain = label.replaceAll(/\p{Cc}/gu, ' ').trim()
  if (plain.length <= MOST_LABEL_CHARACTERS) return plain.toWellFormed()
  // Half of a character that is cut in two would be no text.
  return `${plain.slice(0, MOST_LABEL_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`.toWellFormed()
}

const secrets = ['clientId', 'clientSecret', 'refreshToken'] as const

function problemOf(body: Candidate['body']): string | undefined {
  const missing = secrets.filter((name) => body[name] === undefined || body[name] === null)
  if (missing.length > 0) {
    const names = missing.join(' and no ')
    return `It has no ${names}, so nothing can be done with it: sign this account in anew.`
  }
  const token = body['refreshToken']
  // Some programs show tokens shortened, and people copy those.
  if (typeof token === 'string' && /\.\.\.|…/.test(token)) {
    return 'Its refreshToken is a shortened copy: take the whole one.'
  }
  return undefined
}

/** The values of some fields are repeated in what is said about them, and in a damaged file any field may hold a secret. */
function sentenceOf(error: unknown): string {
  const { failure } = toGatewayError(error)
  if (failure.kind !== 'invalid-request') throw error
  const isRepeated = failure.code === 'unsupported_value' || failure.code === 'model_not_found'
  return isRepeated ? `${failure.field ?? 'A field'}: This value is not known here.` : failure.message
}
