/**
 * Many clients that read hardly anything of answers that come as fast as they can: memory stays bounded, and others are
 * served meanwhile. Run: node test/full/slow-readers.ts [readers]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { z } from 'zod'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { megabytes } from './lab/memory-meter.ts'

const DEFAULT_READERS = 500
/** With every reader at it; and how long that may take. */
const SECONDS = 10
const MAX_SECONDS = 120
/** Of one reader: what is read ahead, what waits to be written, and the buffers of both connections. */
const MAX_READER_BYTES = 400 * 1024

const [readers = DEFAULT_READERS] = process.argv.slice(2).map(Number)

const clients = fork(new URL('lab/slow-clients.ts', import.meta.url))
async function hear<T>(report: z.ZodType<T>): Promise<T> {
  const [message] = await once(clients, 'message')
  return report.parse(message)
}

const { serviceUrl } = await hear(z.object({ serviceUrl: z.string() }))
const gateway = await startGatewayUnderTest({
  environment: { AMAZON_Q_ENDPOINT: serviceUrl, LOG_LEVEL: 'error' },
})
const before = process.memoryUsage().rss
clients.send({ gatewayUrl: gateway.url, readers })

let most = 0
let slowest = 0
let answered = 0
let together = 0
for (let second = 0; second < MAX_SECONDS && together < SECONDS; second += 1) {
  together += answered === readers ? 1 : 0
  answered = (await hear(z.object({ answered: z.number() }))).answered
  const startedAt = performance.now()
  const healthy = await gateway.fetch('/healthz')
  if (!healthy.ok) throw new Error('the gateway is not well')
  slowest = Math.max(slowest, performance.now() - startedAt)
  most = Math.max(most, process.memoryUsage().rss - before)
}
process.stdout.write(
  `${readers} readers at 1 kB/s, ${answered} of them with an answer: memory grew by ${megabytes(most)} MB, ` +
    `the slowest answer to another took ${slowest.toFixed(0)} ms\n`,
)
clients.kill()
await gateway.close()
if (answered < readers) throw new Error('some readers got nothing at all')
if (most > readers * MAX_READER_BYTES) throw new Error('a reader costs more than 400 kB')
