/** The gateways before which the states of the console are looked at. */
import { setTimeout as wait } from 'node:timers/promises'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import type { PassTime } from './busy-gateway.ts'
import type { ConsoleState } from './console-states.ts'
import { startShownGateway, type ShownIds } from './shown-gateway.ts'
import { MASTER_KEY } from './watch-page.ts'

const STALE_MS = 5000
const REST_MS = 8000
const PATIENCE_MS = 90_000
const LOOK_EVERY_MS = 500

export interface ConsoleGateways {
  /** Of what the one shows that has something to show. */
  ids: ShownIds
  /** Answers where it is, and what to call when it was looked at. */
  enter(at: ConsoleState['at']): Promise<{ url: string; leave: () => Promise<void> }>
  close(): Promise<void>
}

export async function startConsoleGateways({ pass }: { pass?: PassTime } = {}): Promise<ConsoleGateways> {
  const environment = { MASTER_KEY }
  const { gateway: shown, ids } = await startShownGateway(pass === undefined ? {} : { pass })
  const gateways = {
    shown,
    new: await startGatewayUnderTest({ environment, withAccount: false }),
    locked: await startGatewayUnderTest({
      environment: { ...environment, ADMIN_PASSWORD: 'correct horse battery' },
    }),
  }
  if (pass !== undefined) {
    await comesToRest(shown)
    // What was read before that is too old to be told again.
    pass(STALE_MS)
  }
  return {
    ids,
    async enter(at) {
      if (at !== 'own') return { url: gateways[at].url, leave: () => Promise.resolve() }
      const own = await startGatewayUnderTest({
        environment: { ...environment, OPENAI_KEYS: 'a-client-key-of-one-visit-1234' },
      })
      return { url: own.url, leave: () => own.close() }
    },
    async close() {
      for (const gateway of Object.values(gateways)) await gateway.close()
    },
  }
}

/** Resolves when nothing new is told for a while: what accounts have used is read seconds after their coming, one by one. */
async function comesToRest(gateway: GatewayUnderTest): Promise<void> {
  const beginning = Date.now()
  let told = ''
  for (let since = beginning; Date.now() - since < REST_MS; await wait(LOOK_EVERY_MS)) {
    const answers = ['/v2/accounts', '/v2/keys', '/v2/events', '/v2/calls'].map((path) => gateway.fetch(path))
    const now = JSON.stringify(await Promise.all(answers.map(async (answer) => (await answer).text())))
    if (now !== told) since = Date.now()
    told = now
    if (since - beginning > PATIENCE_MS) throw new Error('The gateway does not come to rest.')
  }
}
