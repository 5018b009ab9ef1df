/**
 * What it costs a request that there is an account to be chosen: the same load on one gateway with all of its accounts,
 * and with one. One process, since two differ by themselves: each is compiled in its own way. How two windows with one
 * account differ tells what of that is chance.
 */
import type { Contestant } from '../lab/lab.ts'
import { runClosedLoop, type Tally } from '../load/closed-loop.ts'
import { chatRequest } from '../load/requests.ts'
import { exchangeStream } from './exchanges.ts'
import { meterCpu, wrongOf, type Sample, type Scenario } from './scenario.ts'

const TOKENS = 20
const AT_ONCE = 16
/** A few per cent are to be told: many short rounds, whose median minds no neighbour. */
const ROUNDS = 40
const REQUESTS = 400
/** Of each window: what has been switched is noted and stored by then. */
const SETTLING_REQUESTS = 100
/** Until all is compiled (see short-answers.ts), and the service has been asked about each account. */
const WARM_UP_REQUESTS = 25_000

export const pool: Scenario = {
  name: 'pool',
  async run(lab) {
    await lab.behave({ tokens: TOKENS, tokensPerWrite: 1, stream: true })
    const contestant = await lab.start('pool')
    try {
      await load(contestant, WARM_UP_REQUESTS)
      const samples: Sample[] = []
      for (let round = 0; round < ROUNDS; round += 1) samples.push(await compare(contestant))
      return [{ contestant: 'ours', samples }]
    } finally {
      await contestant.stop()
    }
  },
}

async function compare(contestant: Contestant): Promise<Sample> {
  await contestant.useAccounts('one')
  const one = await measure(contestant)
  await contestant.useAccounts('all')
  const all = await measure(contestant)
  await contestant.useAccounts('one')
  const other = await measure(contestant)
  return {
    'pool-cpu': all.seconds / ((one.seconds + other.seconds) / 2),
    'pool-chance': other.seconds / one.seconds,
    ...wrongOf(contestant, all.tally),
  }
}

async function measure(contestant: Contestant): Promise<{ seconds: number; tally: Tally }> {
  await load(contestant, SETTLING_REQUESTS)
  const [seconds, tally] = await meterCpu(contestant, () => load(contestant, REQUESTS))
  return { seconds, tally }
}

function load({ client }: Contestant, requests: number) {
  const request = chatRequest(true)
  return runClosedLoop({
    requests,
    atOnce: AT_ONCE,
    run: () => exchangeStream(client, request, { tokens: TOKENS }),
  })
}
