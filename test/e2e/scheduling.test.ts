/** Which account requests go to, through the whole gateway: what the operator sets, and what the operator sees of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const sessionsIn = z.strictObject({
  sessions: z.array(
    z.strictObject({
      id: z.string().regex(/^[0-9a-f]{12}$/),
      accountId: z.string(),
      since: z.iso.datetime(),
      lastRequestAt: z.iso.datetime(),
      requests: z.int(),
    }),
  ),
  count: z.int(),
})

let gateway: GatewayUnderTest
const start = async (environment: Record<string, string> = {}) => {
  gateway = await startGatewayUnderTest({ environment })
  for (let more = 0; more < 3; more += 1) {
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    await gateway.postJson('/v2/accounts', { clientId, clientSecret, refreshToken })
  }
}
afterEach(() => gateway.close())

async function ask(words: string, headers: Record<string, string> = {}): Promise<void> {
  const messages = [{ role: 'user', content: words }]
  const body = { model: 'claude-sonnet-4.5', messages }
  const answer = await gateway.postJson('/v1/chat/completions', body, headers)
  expect(answer.status).toBe(200)
  await answer.text()
}

async function sessions() {
  return sessionsIn.parse(await (await gateway.fetch('/v2/sessions')).json()).sessions
}

describe('conversations', () => {
  beforeEach(() => start())

  it('stay with their account, by the key that the client sends', async () => {
    for (let turn = 0; turn < 6; turn += 1) {
      await ask(`canary-one-${turn}`, { 'x-session-id': 'canary-session-one' })
      await ask(`canary-two-${turn}`, { 'x-session-id': 'canary-session-two' })
    }
    const seen = await sessions()
    expect(seen.map(({ requests }) => requests)).toEqual([6, 6])
    expect(JSON.stringify(seen) + gateway.log.join('')).not.toContain('canary')
  })

  it('without a key are told apart by how they begin', async () => {
    await ask('one')
    await ask('two')
    await ask('one')
    expect(await sessions()).toHaveLength(2)
  })
})

describe('STICKY_SESSIONS=false', () => {
  beforeEach(() => start({ STICKY_SESSIONS: 'false', ACCOUNT_STRATEGY: 'round-robin' }))

  it('leaves all to the strategy', async () => {
    for (let turn = 0; turn < 8; turn += 1) await ask('same', { 'x-session-id': 'same' })
    expect(await sessions()).toEqual([])
    const counts = z.looseObject({ accounts: z.array(z.looseObject({ success_count: z.int() })) })
    const { accounts } = counts.parse(await (await gateway.fetch('/v2/accounts')).json())
    expect(accounts.map((account) => account.success_count)).toEqual([2, 2, 2, 2])
  })
})
