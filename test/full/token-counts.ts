/**
 * Thirty counts of 100 kB at once, half of them in Chinese: the event loop stays free, and the estimate is near.
 * Prints its figures; exit code 0 when both hold.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../../src/clock.ts'
import { createConversation } from '../../src/conversation/conversation.ts'
import { estimateInputTokens } from '../../src/conversation/estimate-tokens.ts'
import { createCountingQueue } from '../../src/token-counts/counting-queue.ts'
import { startCountingThread } from '../../src/token-counts/counting-thread.ts'
import { createTokenCounts } from '../../src/token-counts/token-counts.ts'

const COUNTS = 30
const CHARACTERS = 100_000
const MOST_DELAY_MS = 10
const NANOSECONDS_PER_MS = 1e6

const words = {
  english: 'the gateway keeps every token fresh and answers in the dialect that a client speaks'.split(' '),
  chinese: '网关 会为 每个 账号 单独 刷新 令牌 ， 失败 时 暂停 使用 该账号 。 管理员 可以 重新 登录'.split(
    ' ',
  ),
}

/** No two are alike, so that nothing is remembered. */
function makePrompt(index: number) {
  const [vocabulary, blank] = index % 2 === 0 ? [words.english, ' '] : [words.chinese, '']
  let text = `Prompt ${index}:`
  for (let step = index; text.length < CHARACTERS; step = (step * 1_103_515_245 + 12_345) % 2_147_483_648) {
    text += `${blank}${vocabulary[(step >> 8) % vocabulary.length]}`
  }
  return createConversation({ model: 'm', turns: [{ role: 'user', parts: [{ kind: 'text', text }] }] })
}

const failures: unknown[] = []
const queue = createCountingQueue({
  startThread: startCountingThread,
  clock: systemClock,
  report: (error) => failures.push(error),
})
const tokenCounts = createTokenCounts({ queue, multiplier: 1 })
const prompts = Array.from({ length: COUNTS }, (_, index) => makePrompt(index))
// The thread starts with this one.
await tokenCounts.inputTokensOf(createConversation({ model: 'm', turns: [], system: 'foo' }))

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
const startedAt = performance.now()
const counts = await Promise.all(prompts.map((prompt) => tokenCounts.inputTokensOf(prompt)))
const milliseconds = performance.now() - startedAt
delay.disable()
await tokenCounts.close()

const p99 = delay.percentile(99) / NANOSECONDS_PER_MS
const ratios = prompts.map((prompt, index) => estimateInputTokens(prompt) / (counts[index] ?? 0))
process.stdout.write(
  `${COUNTS} counts of ${CHARACTERS} characters in ${milliseconds.toFixed(0)} ms, event loop delay p99 ${p99.toFixed(1)} ms ` +
    `(at most ${MOST_DELAY_MS}), estimate / count ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}\n`,
)
process.exitCode = p99 < MOST_DELAY_MS && failures.length === 0 ? 0 : 1
