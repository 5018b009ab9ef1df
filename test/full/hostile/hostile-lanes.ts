/** A whole gateway before a hostile service, in lanes: each has a key and an account of its own, so that none disturbs another. */
import type { GatewayUnderTest } from '../../gateway-under-test.ts'
import { startGrantedGateway, type Grants } from '../../granted-gateway.ts'
import { askFor, hear, type Form, type Heard } from './heard.ts'
import { startHostileUpstream, type HostileUpstream, type Move } from './hostile-upstream.ts'

export interface HostileLanes {
  gateway: GatewayUnderTest
  upstream: HostileUpstream
  lanes: readonly string[]
  /** What a client hears that asks in this lane, while the service answers so. Throws when nothing comes in time. */
  ask(lane: string, form: Form, moves: readonly Move[]): Promise<Heard>
  /** Throws when the account of the lane has not been given back, or is blamed for more than failures. */
  recover(lane: string): Promise<void>
  close(): Promise<void>
}

const PATIENCE_MS = 20_000

/** `waitSeconds`: for each step of an answer. */
export async function startHostileLanes(options: {
  count: number
  waitSeconds: number
}): Promise<HostileLanes> {
  const upstream = await startHostileUpstream()
  const grants: Grants = new Map()
  const seconds = String(options.waitSeconds)
  const gateway = await startGrantedGateway(grants, {
    AMAZON_Q_ENDPOINT: upstream.url,
    RESPONSE_HEADERS_TIMEOUT_SECONDS: seconds,
    FIRST_EVENT_TIMEOUT_SECONDS: seconds,
    IDLE_TIMEOUT_SECONDS: seconds,
    // The service is as bad as can be, and is asked all the same.
    MAX_ERROR_COUNT: '1000000',
    RETRY_BUDGET_PER_SECOND: '1000',
    BREAKER_ACCOUNTS: '1000',
    BREAKER_FAILURES: '1000',
    ACCOUNT_CONCURRENCY_LIMIT: '1',
    ACCOUNT_WAIT_SECONDS: '0',
    LOG_LEVEL: 'error',
  })
  upstream.goOnTo(gateway.simulator.url)
  const accounts = new Map<string, string>()
  for (let index = 0; index < options.count; index += 1) {
    const lane = `lane-${index}`
    grants.set(lane, { accountTags: [lane] })
    accounts.set(lane, await gateway.addAccount({ label: lane, tags: [lane] }))
  }

  const change = async (lane: string, enabled: boolean) => {
    const answer = await gateway.fetch(`/v2/accounts/${accounts.get(lane)}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ enabled }),
    })
    if (!answer.ok) throw new Error(`The account cannot be changed: ${answer.status} ${await answer.text()}`)
    await answer.text()
  }

  return {
    gateway,
    upstream,
    lanes: [...accounts.keys()],
    async ask(lane, form, moves) {
      upstream.answer(lane, moves)
      const answer = await gateway.fetch(form.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${lane}` },
        body: JSON.stringify(askFor(form, `Hello. [lane ${lane}]`)),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      return hear(form.path, answer)
    },
    async recover(lane) {
      await change(lane, false)
      await change(lane, true)
    },
    async close() {
      await gateway.close()
      await upstream.close()
    },
  }
}
