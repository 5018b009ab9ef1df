/** Hostile clients by the thousand against a whole gateway, and the books that it must have kept meanwhile. */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { expectEnough } from '../lab/enough-done.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../gateway-under-test.ts'
import { OPENAI, questionFor } from '../../read-answer.ts'
import { send } from '../../send.ts'
import { behaviours, planAnswers } from './hostile-clients.ts'
import { createRandom } from './random.ts'

/** Of requests under way: more than there are clients at once would ask for. */
const SLOTS = 100
const PATIENCE_MS = 20_000

const account = z.looseObject({
  enabled: z.boolean(),
  error_count: z.number(),
  success_count: z.number(),
  status: z.looseObject({ kind: z.string() }),
})

const names = Object.keys(behaviours)

export interface HostileClients {
  gateway: GatewayUnderTest
  /** One client after the other, so many at once. Answers how many of each kind there were. Too few fail the process. */
  run(options: {
    seed: number
    count: number
    atOnce: number
    mostSeconds?: number
  }): Promise<Map<string, number>>
  /** Throws when something is still lent, under way, counted wrong or logged as a failure of the gateway's own. */
  checkBooks(): Promise<void>
}

export async function startForHostileClients(): Promise<HostileClients> {
  const gateway = await startGatewayUnderTest({
    environment: {
      LOG_LEVEL: 'error',
      MAX_CONCURRENT_REQUESTS: String(SLOTS),
      MAX_CONNECTIONS_PER_ADDRESS: '0',
    },
  })
  const { journal } = gateway.simulator
  const path = `/v2/accounts/${gateway.accountId}`
  await gateway.fetch(path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ concurrencyLimit: SLOTS }),
  })
  planAnswers(gateway)
  const chats = () => journal.of('GenerateAssistantResponse')
  let answered = 0

  async function settle(): Promise<void> {
    // Connections are taken in their order: behind this one, none is left that nobody has looked at.
    await send(`${gateway.url}/healthz`)
    await untilTrue(
      () => chats().every(({ outcome }) => outcome.kind !== 'pending'),
      'The service still answers a client that has left.',
    )
    journal.clear()
  }

  /** As many as the account and the gateway may serve get to the service at the same time. */
  async function checkSlots(): Promise<void> {
    const abandoned = new AbortController()
    const body = JSON.stringify({ ...questionFor(OPENAI, true), model: 'claude-haiku-4.5' })
    const all = Array.from({ length: SLOTS }, () =>
      gateway.fetch(OPENAI, { method: 'POST', body, signal: abandoned.signal }).catch(() => undefined),
    )
    try {
      await untilTrue(() => chats().length >= SLOTS, `Only ${chats().length} of ${SLOTS} are free.`)
    } catch {
      throw new Error(
        `Only ${chats().length} of ${SLOTS} places are free: some are held by clients that have left.`,
      )
    } finally {
      abandoned.abort()
      await Promise.all(all)
      await settle()
    }
  }

  return {
    gateway,
    async run({ seed, count, atOnce, mostSeconds = Infinity }) {
      const startedAt = performance.now()
      const kinds = new Map<string, number>()
      async function come(index: number): Promise<void> {
        const random = createRandom(seed + index)
        const name = names[random.below(names.length)] ?? ''
        try {
          const whole = await behaviours[name]?.(gateway.url, random)
          answered += whole ?? 0
        } catch (cause) {
          throw new Error(`Seed ${seed + index}, a client that ${name}: ${String(cause)}`, { cause })
        }
        kinds.set(name, (kinds.get(name) ?? 0) + 1)
      }
      let first = 0
      for (; first < count; first += atOnce) {
        if ((performance.now() - startedAt) / 1000 > mostSeconds) break
        const size = Math.min(atOnce, count - first)
        await Promise.all(Array.from({ length: size }, (_, index) => come(first + index)))
        await settle()
      }
      expectEnough(first, count)
      return kinds
    },
    async checkBooks() {
      await checkSlots()
      const read: unknown = await (await gateway.fetch(path)).json()
      const { enabled, error_count: errors, success_count: successes, status } = account.parse(read)
      if (!enabled || errors > 0 || status.kind !== 'ready') {
        throw new Error(`The account bears what clients did: ${JSON.stringify(read)}`)
      }
      if (successes !== answered) throw new Error(`${successes} answers are counted, ${answered} were given.`)
      const failures = gateway.log.filter((line) => /"level":[56]0/.test(line))
      if (failures.length > 0) throw new Error(`The gateway logged a failure of its own: ${failures[0]}`)
    },
  }
}

async function untilTrue(holds: () => boolean, otherwise: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  while (!holds()) {
    if (performance.now() > until) throw new Error(otherwise)
    await pause(5)
  }
}
