/** `node simulator/main.ts [--port 0] [--host 127.0.0.1]`: prints its address as one JSON line, ends on a signal. */
import { parseArgs } from 'node:util'
import { startSimulator } from './simulator.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    'approval-page': { type: 'boolean', default: false },
  },
})

const simulator = await startSimulator({
  host: values.host,
  port: Number(values.port),
  switches: { approvalPage: values['approval-page'] },
})
process.stdout.write(`${JSON.stringify({ url: simulator.url })}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void simulator.close())
}
