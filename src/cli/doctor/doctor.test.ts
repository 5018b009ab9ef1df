import BetterSqlite3 from 'better-sqlite3'
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import { openCliUnderTest, type CliRunOptions, type CliUnderTest } from '../../../test/cli-under-test.ts'
import type { Account } from '../../accounts/account.ts'
import { viewAccount } from '../../accounts/account-view.ts'
import { sampleAccount } from '../../accounts/sample-account.ts'
import type { AccountStatus } from '../../accounts/status.ts'
import { systemClock } from '../../clock.ts'
import { checkAccounts } from './check-accounts.ts'
import { checkNode } from './check-node.ts'

const report = z.object({
  healthy: z.boolean(),
  findings: z.array(
    z.object({ subject: z.string(), state: z.string(), says: z.string(), remedy: z.string().optional() }),
  ),
})

let simulator: Simulator
/** Data with an account and a key, to begin with. */
let prepared: CliUnderTest
let cli: CliUnderTest
let blocker: Server | undefined
const open = () =>
  openCliUnderTest({ AMAZON_Q_ENDPOINT: simulator.url, OIDC_ENDPOINT: simulator.url, PORT: '0' })
beforeAll(async () => {
  simulator = await startSimulator()
  simulator.change({ approveAtPoll: 1 })
  prepared = open()
  await prepared.run('sign-in --label work')
  await prepared.run('keys create laptop')
})
afterAll(async () => {
  prepared.close()
  await simulator.close()
})
beforeEach(() => {
  cli = open()
})
afterEach(() => {
  blocker?.close()
  blocker = undefined
  cli.close()
})

function takePrepared(): void {
  cpSync(join(prepared.folder, 'data'), join(cli.folder, 'data'), {
    recursive: true,
    preserveTimestamps: true,
  })
  chmodSync(join(cli.folder, 'data'), 0o700)
}

const database = () => join(cli.folder, 'data', 'data.sqlite3')

/** What it says of what is not good, with the exit code. */
async function examine(options: CliRunOptions = {}) {
  const run = await cli.run('doctor --json', options)
  const { findings } = report.parse(run.json())
  const of = (state: string) => findings.filter((each) => each.state === state)
  return { exitCode: run.exitCode, bad: of('bad'), doubtful: of('doubtful'), good: of('good') }
}

async function occupyPort(): Promise<string> {
  const server = createServer((socket) => socket.destroy())
  blocker = server
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  return String(typeof address === 'object' ? address?.port : '')
}

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, and says so to people', async () => {
    takePrepared()
    expect(await examine()).toMatchObject({ exitCode: 0, bad: [], doubtful: [] })
    const { output } = await cli.run('doctor')
    expect(output).toMatch(/^ok +Accounts: 1 of 1 can serve\.$/m)
    expect(output).toMatch(/^ok +Client keys: 1 made here/m)
    expect(output).toMatch(/^ok +Clock: /m)
  })

  it('makes nothing where there is nothing yet', async () => {
    const { doubtful } = await examine()
    expect(doubtful.map(({ subject }) => subject)).toEqual(['Data folder', 'Database'])
    expect(() => statSync(join(cli.folder, 'data'))).toThrow('ENOENT')
  })

  it.each<[string, RegExp, () => Promise<CliRunOptions | void> | CliRunOptions | void]>([
    ['Node', /v20.1.0 is too old/, () => ({ nodeVersion: 'v20.1.0' })],
    ['Settings', /MAX_ERROR_COUNT/, () => ({ environment: { MAX_ERROR_COUNT: 'many' } })],
    ['Settings', /ADMIN_PASSWORD/, () => ({ environment: { ADMIN_PASSWORD: 'admin' } })],
    [
      'Data folder',
      /is not a folder/,
      () => {
        const file = join(cli.folder, 'file')
        writeFileSync(file, '')
        return { environment: { DATA_DIR: file } }
      },
    ],
    ['Database', /is empty/, () => truncateSync(database(), 0)],
    [
      'Database',
      /damaged|cannot be read/,
      () =>
        writeFileSync(
          database(),
          Buffer.concat([readFileSync(database()).subarray(0, 4096), Buffer.alloc(40_000, 7)]),
        ),
    ],
    [
      'Database',
      /of another program/,
      () => {
        mkdirSync(join(cli.folder, 'foreign'))
        const foreign = new BetterSqlite3(join(cli.folder, 'foreign', 'data.sqlite3'))
        foreign.exec('create table notes (id integer)')
        foreign.close()
        return { environment: { DATA_DIR: join(cli.folder, 'foreign') } }
      },
    ],
    [
      'Database',
      /newer version/,
      () => {
        const opened = new BetterSqlite3(database())
        opened.prepare("insert into kysely_migration values ('9999-later', '2030')").run()
        opened.close()
      },
    ],
    [
      'Database',
      /master key|MASTER_KEY/i,
      () => writeFileSync(join(cli.folder, 'data', 'master.key'), Buffer.alloc(32, 9).toString('base64')),
    ],
    [
      'Proxy',
      /does not take connections \(ECONNREFUSED\)/,
      () => ({ environment: { HTTP_PROXY: 'http://user:canary-pass@127.0.0.1:1' } }),
    ],
    [
      'Host 127.0.0.1:1',
      /cannot be reached/,
      () => ({ environment: { OIDC_ENDPOINT: 'http://127.0.0.1:1' } }),
    ],
    ['Port', /Another program uses port/, async () => ({ environment: { PORT: await occupyPort() } })],
    ['Accounts', /There is none/, async () => void (await cli.run('accounts remove all --yes'))],
    ['Client keys', /All have ended/, async () => void (await cli.run('keys revoke laptop --yes'))],
  ])('finds what is wrong with %s: %s', async (subject, says, plant) => {
    takePrepared()
    const options = (await plant()) ?? {}
    const { exitCode, bad } = await examine(options)
    expect(exitCode).toBe(1)
    const found = bad.find((each) => each.subject === subject)
    expect(found?.says).toMatch(says)
    expect(found?.remedy).toBeTruthy()
    expect(JSON.stringify(bad)).not.toContain('canary')
  })

  it('finds a clock that is wrong', async () => {
    takePrepared()
    const { doubtful } = await examine({
      clock: { ...systemClock, now: () => systemClock.now() + 3_600_000 },
    })
    expect(doubtful.find(({ subject }) => subject === 'Clock')?.says).toMatch(
      /36\d\d s ahead of the services/,
    )
  })
})

describe('accounts', () => {
  const at = new Date('2026-11-23T10:00:00Z')
  const until = new Date('2026-11-24T10:00:00Z')
  const view = (label: string, change: Partial<Account>) =>
    viewAccount({ ...sampleAccount(label), label, ...change }, at.getTime())
  const inState = (label: string, status: AccountStatus) => view(label, { status })

  it.each<[string, AccountStatus, RegExp]>([
    ['need a person', { kind: 'needs-sign-in', why: 'no' }, /x have to sign in again/],
    ['are parked', { kind: 'parked', why: 'no' }, /x were refused by AWS/],
    ['are misconfigured', { kind: 'misconfigured', until, why: 'no' }, /x do not work as they are set up/],
    ['are exhausted', { kind: 'exhausted', until }, /x have used up their quota/],
    [
      'have failed too often',
      { kind: 'disabled', by: 'threshold', at },
      /x were switched off after many failures/,
    ],
  ])('that %s are named', (_, status, says) => {
    const findings = checkAccounts([inState('x', status), inState('fine', { kind: 'ready' })])
    expect(findings[0]).toMatchObject({ state: 'good', says: '1 of 2 can serve.' })
    expect(findings.slice(1)).toEqual([
      expect.objectContaining({ state: 'doubtful', says: expect.stringMatching(says) }),
    ])
  })

  it('that all fail are a fault, and so are secrets that cannot be read', () => {
    const findings = checkAccounts([view('x', { readable: false })])
    expect(findings.map(({ state, says }) => [state, says])).toEqual([
      ['bad', '0 of 1 can serve.'],
      ['doubtful', 'x have secrets that this master key does not open.'],
    ])
  })

  it('of a long list are named in part', () => {
    const status: AccountStatus = { kind: 'parked', why: 'no' }
    const [, finding] = checkAccounts(['a', 'b', 'c', 'd', 'e'].map((label) => inState(label, status)))
    expect(finding?.says).toBe('a, b, c and 2 more were refused by AWS for good.')
  })
})

describe('Node', () => {
  it.each([
    ['v22.19.0', 'good'],
    ['v24.1.0', 'good'],
    ['v22.18.9', 'bad'],
    ['v20.20.2', 'bad'],
  ])('%s is %s', (version, state) => {
    expect(checkNode(version).state).toBe(state)
  })
})
