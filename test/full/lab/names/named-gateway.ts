/** A gateway to which hostile names were given by its own routes, wherever these take one; what they cannot take they refuse. */
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../../gateway-under-test.ts'
import { OPENAI, questionFor } from '../../../read-answer.ts'
import { isLabel } from '../../hostile/hostile-names.ts'
import { MASTER_KEY } from '../../../browser/watch-page.ts'

const CLIENT_KEY = 'a-client-key-of-the-environment-1234'
const LONGEST_TOKEN_NAME = 100
const SIGN_INS = 10

export interface Thing {
  id: string
  name: string
}

export interface NamedGateway {
  gateway: GatewayUnderTest
  accounts: Thing[]
  keys: Thing[]
  tokens: Thing[]
  /** How many names were refused, as they have to be. */
  refused: number
}

const made = z.object({ id: z.string() })
const account = made.extend({ label: z.string(), tags: z.array(z.string()) })
const named = made.extend({ name: z.string() })
const wellFormed = (name: string) => name.toWellFormed()

/** Throws when a name is not taken as it is, or not refused as it has to be. */
export async function startNamedGateway(names: readonly string[]): Promise<NamedGateway> {
  const environment = { MASTER_KEY, OPENAI_KEYS: CLIENT_KEY }
  const gateway = await startGatewayUnderTest({ environment, withAccount: false })
  const all: NamedGateway = { gateway, accounts: [], keys: [], tokens: [], refused: 0 }
  try {
    for (const name of names) await giveName(all, name)
    await useNames(all, names)
    return all
  } catch (error) {
    await gateway.close()
    throw error
  }
}

async function giveName(all: NamedGateway, name: string): Promise<void> {
  const { gateway } = all
  const give = async (path: string, body: unknown, isFine: boolean) => {
    const answer = await gateway.postJson(path, body)
    const text = await answer.text()
    const isAsWanted = isFine ? answer.status < 300 : answer.status === 400
    if (!isAsWanted) throw new Error(`${path} answered ${answer.status} to ${JSON.stringify(body)}: ${text}`)
    if (!isFine) all.refused += 1
    const read: unknown = JSON.parse(text)
    return isFine ? read : undefined
  }
  const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
  const tags = [name.slice(0, 200), 'plain'].filter((tag) => tag !== '')
  const body = { label: name, tags, clientId, clientSecret, refreshToken }
  const newAccount = await give('/v2/accounts', body, isLabel(name))
  const newKey = await give('/v2/keys', { name, account_tags: [name] }, isLabel(name) && name !== '')
  const tokenName = name.slice(0, LONGEST_TOKEN_NAME)
  const isToken = !tokenName.includes('\0') && tokenName.trim() !== ''
  const newToken = await give('/v2/tokens', { name: tokenName, scope: 'read' }, isToken)
  if (newAccount !== undefined) {
    const { id, label, tags: taken } = account.parse(newAccount)
    all.accounts.push({ id, name: isTaken(label, name) })
    isTaken(taken.join('\n'), tags.join('\n'))
  }
  if (newKey !== undefined) {
    const { id, name: taken } = named.parse(newKey)
    all.keys.push({ id, name: isTaken(taken, name) })
  }
  if (newToken !== undefined) {
    const { id, name: taken } = named.parse(newToken)
    all.tokens.push({ id, name: isTaken(taken, tokenName.trim()) })
  }
}

/** Halves of characters have no place in a database; what stands in their place says so. */
function isTaken(taken: string, given: string): string {
  if (wellFormed(taken) === wellFormed(given)) return wellFormed(taken)
  throw new Error(`${JSON.stringify(given)} was taken as ${JSON.stringify(taken)}`)
}

/** As names of models, as what the service says when it refuses, and of accounts that are changed or being signed in. */
async function useNames({ gateway, accounts, keys }: NamedGateway, names: readonly string[]): Promise<void> {
  const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await gateway.postJson(path, body, headers)
    const text = await answer.text()
    if (answer.status === 500) throw new Error(`${path} answered 500: ${text}`)
  }
  const authorization = `Bearer ${CLIENT_KEY}`
  const question = questionFor(OPENAI, false)
  for (const name of names) {
    await send(OPENAI, { ...question, model: name }, { authorization, 'user-agent': toHeader(name) })
  }
  for (const [at, { id, name }] of accounts.entries()) {
    if (at % 3 === 0) {
      await change(gateway, `/v2/accounts/${id}`, { label: 'another', tags: ['another'] })
      await change(gateway, `/v2/accounts/${id}`, {
        label: name,
        tags: [name.slice(0, 199) || 'none', 'plain'],
      })
    }
    if (at % 3 === 1) {
      const refusal = {
        name: 'AccessDeniedException',
        message: name,
        reason: reasons[at % reasons.length] ?? null,
      }
      gateway.simulator.plan({ times: 1, behaviour: { kind: 'refusal', refusal } })
      await send(`/v2/chat/test?account_id=${id}`, question)
      gateway.simulator.clearPlans()
    }
  }
  for (const { id, name } of keys.filter((_, at) => at % 3 === 0)) {
    for (const each of ['another', name]) await change(gateway, `/v2/keys/${id}`, { name: each })
  }
  for (const { name } of accounts.slice(-SIGN_INS)) await send('/v2/auth/start', { label: name })
}

const reasons = ['TEMPORARILY_SUSPENDED', null, 'FEATURE_NOT_SUPPORTED'] as const

async function change(gateway: GatewayUnderTest, path: string, changes: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await gateway.fetch(path, { method: 'PATCH', headers, body: JSON.stringify(changes) })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text}`)
}

/** As far as a header can carry it. */
function toHeader(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '').trim() || 'nobody'
}
