import { readdirSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { killInTheWindow } from '../token-kills.ts'

const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }

/** So many chats at once; how many ended with which status. */
async function chatAtOnce(gateways: readonly GatewayUnderTest[], count: number) {
  const statuses = new Map<number, number>()
  const one = async (index: number) => {
    const answer = await gateways[index % gateways.length]?.postJson('/v1/chat/completions', chat)
    const text = await answer?.text()
    const status = text?.includes('error') === true ? 0 : (answer?.status ?? 0)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)))
  return Object.fromEntries(statuses)
}

/** Another gateway on the same data, before the same services. */
function startSibling(first: GatewayUnderTest): Promise<GatewayUnderTest> {
  const { url } = first.simulator
  const environment = { DATA_DIR: first.dataDirectory, AMAZON_Q_ENDPOINT: url, OIDC_ENDPOINT: url }
  return startGatewayUnderTest({ withAccount: false, environment })
}

const invalidGrants = ({ simulator }: GatewayUnderTest) =>
  simulator.journal
    .entries()
    .filter(({ outcome }) => outcome.kind === 'refused' && outcome.name === 'InvalidGrantException')

describe('tokens', () => {
  let gateways: GatewayUnderTest[] = []
  afterEach(async () => {
    for (const gateway of gateways.toReversed()) await gateway.close()
    gateways = []
  })

  it('that the model service refuses cost one refresh for 200 requests at once, and no request', async () => {
    const gateway = await startGatewayUnderTest()
    gateways = [gateway]
    await chatAtOnce(gateways, 1)
    const before = gateway.simulator.journal.refreshes()
    gateway.simulator.revoke(gateway.simulator.accounts()[0]?.id ?? '', 'access-tokens')
    expect(await chatAtOnce(gateways, 200)).toEqual({ 200: 200 })
    expect(gateway.simulator.journal.refreshes() - before).toBe(1)
  })

  it('that have expired cost one refresh for 1,000 requests at once, over two processes', async () => {
    const first = await startGatewayUnderTest({ environment: { LOG_LEVEL: 'error' } })
    first.simulator.change({ journalBodies: false })
    gateways = [first, await startSibling(first)]
    await chatAtOnce(gateways, 2)
    const before = first.simulator.journal.refreshes()
    first.simulator.advance(2 * 3_600_000)
    expect(await chatAtOnce(gateways, 1000)).toEqual({ 200: 1000 })
    expect(first.simulator.journal.refreshes() - before).toBe(1)
    expect(invalidGrants(first)).toEqual([])
  })

  it('rotate under two processes that refresh them at once, and none is lost', async () => {
    const first = await startGatewayUnderTest({ withAccount: false, environment: { LOG_LEVEL: 'error' } })
    gateways = [first, await startSibling(first)]
    const ids: string[] = []
    for (let index = 0; index < 50; index += 1) {
      const { clientId, clientSecret, refreshToken } = first.simulator.seed()
      const body = { clientId, clientSecret, refreshToken, enabled: false }
      const added: unknown = await (await first.postJson('/v2/accounts', body)).json()
      ids.push(String(Reflect.get(Object(added), 'id')))
    }
    const statuses = new Set<number | undefined>()
    const refresh = async (gateway: GatewayUnderTest, id: string) => {
      const answer = await gateway.postJson(`/v2/accounts/${id}/refresh`, {})
      await answer.arrayBuffer()
      statuses.add(answer.status)
    }
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(ids.flatMap((id) => gateways.map((gateway) => refresh(gateway, id))))
    }
    expect([...statuses]).toEqual([200])
    expect(invalidGrants(first)).toEqual([])
    expect(first.simulator.accounts().every(({ signedIn }) => signedIn)).toBe(true)
  })

  it('survive a process that is killed after the answer, or the account says that it needs a sign-in', async () => {
    const { kills, silentlyLost } = await killInTheWindow({ kills: 10, accounts: 10 })
    expect(kills).toBeGreaterThanOrEqual(10)
    expect(silentlyLost).toEqual([])
  })

  it('in files that nobody can read do not keep the gateway from starting, and are named in the log', async () => {
    const gateway = await startGatewayUnderTest()
    gateways = [gateway]
    const folder = join(gateway.dataDirectory, 'unsaved-tokens')
    mkdirSync(folder)
    const name = `${'0'.repeat(32)}.1.somebody.json`
    writeFileSync(join(folder, name), 'no JSON')
    await gateway.restart()
    expect(await chatAtOnce(gateways, 1)).toEqual({ 200: 1 })
    expect(readdirSync(folder)).toEqual([`${name}.set-aside`])
    expect(gateway.log.filter((line) => line.includes(name))).toHaveLength(1)
  })
})
