import { scryptSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '../simulator/simulator.ts'
import type { Clock } from '../src/clock.ts'
import { readConfig } from '../src/config.ts'
import { startGateway } from '../src/gateway.ts'
import type { DeriveKey } from '../src/access/password-hash.ts'
import { createLogger } from '../src/program/create-logger.ts'

export interface GatewayUnderTest {
  /** Another one after a restart. */
  readonly url: string
  simulator: Simulator
  /** Id of the account that is signed in, as the gateway calls it. */
  accountId: string
  dataDirectory: string
  /** Makes the account ready again, whatever a test has done to it. */
  resetAccount(): Promise<void>
  /** Throws when the simulator had to complain about the form of any request. */
  assertNoViolation(): void
  /** Every line that the gateway logged so far. */
  log: string[]
  fetch(path: string, init?: RequestInit): Promise<Response>
  postJson(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Adds an account that the simulator knows; answers its id. */
  addAccount(settings?: { label?: string; tags?: readonly string[] }): Promise<string>
  /** Stops the gateway alone, as a signal would. */
  stop(): Promise<void>
  /** Stops it and starts it again on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

interface Wishes {
  environment?: Record<string, string>
  /** False: the gateway starts without an account. */
  withAccount?: boolean
  /** In place of the program's own composition. */
  start?: typeof startGateway
  /** The gateway's, in place of the machine's. */
  clock?: Clock
}

/** As scrypt does it, in a ten-thousandth of the time: the real cost is proved where passwords are hashed. */
const derivePasswordQuickly: DeriveKey = ({ password, salt, length }) =>
  Promise.resolve(scryptSync(password, salt, length, { N: 16, r: 1, p: 1 }))

/** The whole gateway on a socket, before a strict simulator, with one account signed in. */
export async function startGatewayUnderTest(wishes: Wishes = {}): Promise<GatewayUnderTest> {
  const simulator = await startSimulator()
  const dataDirectory = mkdtempSync(join(tmpdir(), 'aqueduct-test-'))
  const log: string[] = []
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDirectory,
    AMAZON_Q_ENDPOINT: simulator.url,
    OIDC_ENDPOINT: simulator.url,
    LOG_LEVEL: 'trace',
    ...wishes.environment,
  })
  const output = { write: (line: string) => void log.push(line) }
  const logger = createLogger({ level: config.logLevel, base: null, output })
  const start = wishes.start ?? startGateway
  // A hash that was made elsewhere is one of scrypt.
  const derivePassword = config.adminPasswordHash === undefined ? derivePasswordQuickly : undefined
  const program = { version: '0.0.0-test', derivePassword, ...(wishes.clock && { clock: wishes.clock }) }
  let gateway = await start(config, logger, program)

  const fetchFromGateway = (path: string, init?: RequestInit) => fetch(`${gateway.url}${path}`, init)
  const postJson = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetchFromGateway(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  async function addAccount(settings = {}): Promise<string> {
    const { clientId, clientSecret, refreshToken } = simulator.seed()
    const given = { ...settings, clientId, clientSecret, refreshToken }
    const answer = await postJson('/v2/accounts', given, passwordHeader(config.adminPassword))
    const account: unknown = await answer.json()
    if (typeof account === 'object' && account !== null && 'id' in account) return String(account.id)
    throw new Error(`The gateway did not take the account: ${answer.status}`)
  }
  const accountId = wishes.withAccount === false ? '' : await addAccount({ label: 'test' })

  return {
    get url() {
      return gateway.url
    },
    simulator,
    accountId,
    dataDirectory,
    log,
    async resetAccount() {
      for (const enabled of [false, true]) {
        const headers = { 'content-type': 'application/json', ...passwordHeader(config.adminPassword) }
        const body = JSON.stringify({ enabled })
        await fetchFromGateway(`/v2/accounts/${accountId}`, { method: 'PATCH', headers, body })
      }
    },
    assertNoViolation() {
      const violations = simulator.journal.violations()
      if (violations.length > 0) throw new Error(`The simulator complains: ${JSON.stringify(violations)}`)
    },
    fetch: fetchFromGateway,
    postJson,
    addAccount,
    stop: () => gateway.close(),
    async restart() {
      await gateway.close()
      gateway = await start(config, logger, program)
    },
    async close() {
      await gateway.close()
      await simulator.close()
      rmSync(dataDirectory, { recursive: true, force: true })
      assertNothingDropped(log)
    },
  }
}

/** What is logged has to be in the table of members, or nobody will ever read it. */
function assertNothingDropped(log: readonly string[]): void {
  const line = log.find((each) => each.includes('"dropped":'))
  if (line !== undefined) throw new Error(`src/program/log-members.ts does not know what was logged: ${line}`)
}

function passwordHeader(password: string | undefined): Record<string, string> {
  return password === undefined ? {} : { authorization: `Bearer ${password}` }
}
