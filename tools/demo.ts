/**
 * `npm run demo`: the gateway over the simulator, with one account signed in and nothing of the user's own touched:
 * no .env, no data folder, no real account.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeDemo } from './demo/guide.ts'
import { startProgram, type Program } from './demo/program.ts'
import { readSimulatorUrl, signIn, waitUntilHealthy } from './demo/sign-in.ts'

const root = path.resolve(import.meta.dirname, '..')
const wantedPort = Number(process.env['PORT'] ?? 8000)
const folder = mkdtempSync(path.join(tmpdir(), 'aqueduct-demo-'))
const programs: Program[] = []
let ending = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
try {
  await run()
} catch (error) {
  await end(1, error instanceof Error ? error.message : String(error))
}

async function run(): Promise<void> {
  const port = await findPort(wantedPort)
  if (port === undefined) {
    throw new Error(`Port ${wantedPort} is in use. Choose another one: PORT=8001 npm run demo`)
  }
  const simulator = launch('The simulator', ['simulator/main.ts', '--port', '0', '--approval-page'], {})
  const simulatorUrl = readSimulatorUrl(await simulator.firstLine)
  const gatewayUrl = `http://127.0.0.1:${port}`
  const gateway = launch('The gateway', ['dist/main.js'], gatewaySettings(simulatorUrl, port))
  await waitUntilHealthy(gatewayUrl, gateway.ended)
  await signIn(simulatorUrl, gatewayUrl)
  process.stdout.write(describeDemo(gatewayUrl))
}

/** All that a .env or the shell could set, so that the printed examples work for everybody. */
function gatewaySettings(simulatorUrl: string, port: number): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: path.join(folder, 'data'),
    DATABASE_URL: '',
    AMAZON_Q_ENDPOINT: simulatorUrl,
    OIDC_ENDPOINT: simulatorUrl,
    OPENAI_KEYS: '',
    ADMIN_PASSWORD: '',
    ENABLE_CONSOLE: 'true',
    HTTP_PROXY: '',
  }
}

function launch(name: string, [script = '', ...args]: string[], settings: Record<string, string>): Program {
  const program = startProgram({ name, args: [path.join(root, script), ...args], cwd: folder, settings })
  programs.push(program)
  void endWith(program)
  return program
}

async function endWith(program: Program): Promise<void> {
  const reason = await program.ended
  // Ctrl-C reaches the program before us; give our own handler time to know.
  await new Promise((resolve) => setTimeout(resolve, 200))
  await end(1, reason)
}

/** Leaves nothing behind: neither a program nor the folder. */
async function end(exitCode: number, reason?: string): Promise<void> {
  if (ending) return
  ending = true
  if (reason !== undefined) process.stderr.write(`demo: ${reason}\n`)
  await Promise.all(programs.map((program) => program.stop()))
  rmSync(folder, { recursive: true, force: true })
  if (exitCode === 0) process.stdout.write('\nStopped.\n')
  process.exit(exitCode)
}

/** The port that is wanted, or a free one for 0; undefined when it is in use. */
async function findPort(wanted: number): Promise<number | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      server.close(() => resolve(port))
    })
  })
}
