/** One client, one request at a time: how long until the first piece of text is there. */
import type { Contestant } from '../lab/lab.ts'
import { runClosedLoop } from '../load/closed-loop.ts'
import { chatRequest } from '../load/requests.ts'
import { percentile } from '../statistics.ts'
import { exchangeStream } from './exchanges.ts'
import { holdContest, lessDirect, wrongOf, type Scenario } from './scenario.ts'

const TOKENS = 20
const REQUESTS = 300
const ROUNDS = 5
/** Until all is compiled, as in a gateway that has run for a while. */
const WARM_UP_REQUESTS = 5000
const WARM_UP_AT_ONCE = 16

export const firstToken: Scenario = {
  name: 'first-token',
  async run(lab) {
    await lab.behave({ tokens: TOKENS, tokensPerWrite: 1, stream: true })
    const findings = await holdContest(lab, {
      contestants: ['ours', 'pass', 'min', 'direct'],
      rounds: ROUNDS,
      warmUp: ({ client }) =>
        runClosedLoop({
          requests: WARM_UP_REQUESTS,
          atOnce: WARM_UP_AT_ONCE,
          run: () => exchangeStream(client, chatRequest(true), { tokens: TOKENS }),
        }),
      async window(contestant) {
        const { waitsMs, ...tally } = await measureFirstTokens(contestant)
        return { 'first-token': percentile(waitsMs, 0.5), ...wrongOf(contestant, tally) }
      },
    })
    return lessDirect(findings, ['first-token'])
  },
}

async function measureFirstTokens({ client }: Contestant) {
  const request = chatRequest(true)
  const waitsMs: number[] = []
  const tally = await runClosedLoop({
    requests: REQUESTS,
    atOnce: 1,
    async run() {
      const askedAt = performance.now()
      let waited: number | undefined
      const onText = () => {
        waited ??= performance.now() - askedAt
      }
      await exchangeStream(client, request, { tokens: TOKENS, onText })
      if (waited !== undefined) waitsMs.push(waited)
    },
  })
  return { ...tally, waitsMs }
}
