/**
 * Ten thousand texts with secrets of every known form, alone and through a whole log line: none gets through, and a line costs
 * little more than without. Run: node test/full/redaction.ts [seed] [count]
 */
import { pino } from 'pino'
import { redactSecrets } from '../../src/access/redact-secrets.ts'
import { createLogger } from '../../src/program/create-logger.ts'
import { countLeaks } from '../secret-texts.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 10_000
const LINES = 50_000
const ROUNDS = 5
const MOST_MICROSECONDS_MORE = 10

const [seed = DEFAULT_SEED, runs = DEFAULT_COUNT] = process.argv.slice(2).map(Number)

let last = ''
const logger = createLogger({
  level: 'info',
  base: null,
  output: { write: (line) => void (last = line) },
})
function throughLine(text: string): string {
  logger.warn({ model: text, reason: text, err: new Error(text, { cause: text }) }, text)
  return last
}

const leaks = countLeaks(redactSecrets, { runs, seed }) + countLeaks(throughLine, { runs, seed: seed + 1 })
process.stdout.write(`${runs} texts and ${runs} lines with secrets: ${leaks} leaks\n`)

/** As of a chat that was answered at once. */
const facts = {
  method: 'POST',
  path: '/v1/chat/completions',
  status: 200,
  milliseconds: 1234,
  dialect: 'openai-chat',
  model: 'claude-sonnet-4.5',
  stream: true,
  stopReason: 'end',
  usage: {
    inputTokens: 1234,
    outputTokens: 333,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    credits: 0.03,
    source: 'upstream',
  },
  placement: 'new',
  attempts: [
    {
      account: '5f0c2f5e-7d1e-4d1f-9b0a-0b0f6f0f6f0f',
      at: 0,
      headers: 20,
      content: 40,
      end: 1200,
      outcome: 'answered',
      requestId: '5f0c2f5e-7d1e-4d1f-9b0a-0b0f6f0f6f0f',
    },
  ],
}
const bare = pino({ level: 'info', base: null }, { write: (line) => void (last = line) })
const pair = { with: logger, without: bare }

/** Microseconds of processor time for a line. */
function costOf(log: typeof logger): number {
  const child = log.child({ requestId: 'req_abcdefghijklmnopqrstuvwx' })
  const before = process.cpuUsage()
  for (let line = 0; line < LINES; line += 1) child.info(facts, 'request')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / LINES
}

/** The quietest round of each: other programs only add. */
const best = { with: Number.POSITIVE_INFINITY, without: Number.POSITIVE_INFINITY }
for (let round = 0; round < ROUNDS; round += 1) {
  for (const kind of ['with', 'without'] as const) best[kind] = Math.min(best[kind], costOf(pair[kind]))
}
const more = best.with - best.without
process.stdout.write(
  `a request's line: ${best.with.toFixed(1)} µs, of a bare log ${best.without.toFixed(1)} µs: ${more.toFixed(1)} µs more\n`,
)
if (leaks > 0 || more > MOST_MICROSECONDS_MORE) process.exitCode = 1
