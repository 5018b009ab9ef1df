/**
 * The page of the accounts with ten thousand of them, in a real browser before a whole gateway: how soon the first rows stand,
 * and for how long each deed holds the page up. That is told in time of the processor, which does not grow because others use
 * the machine, and judged for one that counts to thirty million in 50 ms; for slower ones in proportion. What the list
 * costs the gateway's other requests is measured beside that. Run: node test/full/many-accounts.ts
 */
import { performance } from 'node:perf_hooks'
import type { Page } from 'playwright-core'
import { startBrowserLab } from '../browser/browser-lab.ts'
import { measureTasks } from '../browser/task-times.ts'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { MASTER_KEY } from '../browser/watch-page.ts'

const ACCOUNTS = 10_000
const AT_ONCE = 1000
const CALIBRATION_MS = 50
const FIRST_ROWS_MS = 1000
const LOAD_MS = 100
const DEED_MS = 100
/** 55 a second. */
const FRAME_MS = 18
const FRAMES = 60
const MOST_ROWS = 60
/** As one piece, reading and writing the list takes most of a second. */
const LOOP_MS = 100
const ROW = 'tbody tr:not(.spacer)'

const gateway = await startGatewayUnderTest({ environment: { MASTER_KEY, LOG_LEVEL: 'error' } })
const lab = await startBrowserLab()
const faults: string[] = []
try {
  for (let first = 0; first < ACCOUNTS; first += AT_ONCE) await addAccounts(first)
  const { page, leave } = await lab.visit({ url: gateway.url, path: '/console/keys' })
  await page.getByRole('heading', { level: 1 }).waitFor()
  const [counting] = await measureTasks(page, () =>
    page.evaluate('{ let sum = 0; for (let n = 0; n < 3e7; n += 1) sum += n % 7; sum }'),
  )
  const slowness = counting / CALIBRATION_MS
  print(`this processor is ${slowness.toFixed(2)} times as slow as the one that is judged for`)
  const judge = (name: string, milliseconds: number, most: number) => {
    const scaled = milliseconds / slowness
    print(`${name}: ${milliseconds.toFixed(0)} ms here, so ${scaled.toFixed(0)} of ${most} ms`)
    if (scaled > most) faults.push(name)
  }
  judge('the gateway held up by the whole list', await measureLoop(readList), LOOP_MS)

  const startedAt = performance.now()
  const untilRows = await measureTasks(page, async () => {
    await page.goto(`${gateway.url}/console/accounts`)
    await page.locator(ROW).first().waitFor()
    print(`first rows after ${(performance.now() - startedAt).toFixed(0)} ms by the clock`)
  })
  judge('what the page does until the first rows stand', sumOf(untilRows), FIRST_ROWS_MS)
  judge('longest task of that', untilRows[0], LOAD_MS)
  const untilAll = await measureTasks(page, () =>
    page.getByText(`${(ACCOUNTS + 1).toLocaleString('en')} accounts`, { exact: true }).waitFor(),
  )
  judge('longest task until all are read', untilAll[0], DEED_MS)
  for (const [name, act] of deedsOf(page)) judge(name, (await measureTasks(page, act))[0], DEED_MS)
  judge('a frame of scrolling', sumOf(await measureTasks(page, () => scroll(page))) / FRAMES, FRAME_MS)
  const rows = await page.locator(ROW).count()
  print(`${rows} rows are in the page`)
  if (rows > MOST_ROWS) faults.push('rows in the page')
  await leave()
} finally {
  await lab.close()
  await gateway.close()
}
print(`${faults.length} faults${faults.map((fault) => `\n  ${fault}`).join('')}`)
process.exitCode = faults.length === 0 ? 0 : 1

async function addAccounts(first: number): Promise<void> {
  const accounts = Array.from({ length: AT_ONCE }, (_, index) => ({
    label: `person ${first + index}`,
    clientId: `client-${first + index}`,
    clientSecret: 'secret',
    refreshToken: `token-${first + index}`,
    enabled: false,
    tags: [`tag ${index % 20}`],
    priority: index % 50,
  }))
  // All in one transaction, unlike those that are added one by one.
  const answer = await gateway.postJson('/v2/accounts/import', {
    export: { format: 'aqueduct-accounts', version: 1, accounts },
  })
  if (!answer.ok) throw new Error(`The gateway does not take the accounts: ${answer.status}`)
  await answer.arrayBuffer()
}

async function readList(): Promise<void> {
  await (await gateway.fetch('/v2/accounts')).arrayBuffer()
}

/** The longest that nothing else had its turn, in milliseconds of the processor. */
async function measureLoop(work: () => Promise<void>): Promise<number> {
  let isOver = false
  let longest = 0
  let before = process.threadCpuUsage()
  const look = () => {
    const { user, system } = process.threadCpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    before = process.threadCpuUsage()
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  await work()
  isOver = true
  return longest
}

function deedsOf(page: Page): [string, () => Promise<void>][] {
  const sortBy = (name: string) => page.getByRole('columnheader', { name }).getByRole('button').click()
  const search = page.getByRole('searchbox')
  return [
    ['sort by account', () => sortBy('Account')],
    ['sort by account, the other way', () => sortBy('Account')],
    ['sort by state', () => sortBy('State')],
    ['sort by requests', () => sortBy('Requests')],
    ['filter for the first time', () => search.fill('person 12')],
    ['filter again', () => search.fill('person 1')],
    ['filter no more', () => search.fill('')],
    ['select all, with the bar for all of them', () => page.locator('thead input[type=checkbox]').click()],
    ['select none', () => page.locator('.bulk-bar .button.quiet').click()],
  ]
}

async function scroll(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const frame = document.querySelector('.accounts-frame')
    for (let count = 0; count < ${FRAMES}; count += 1) {
      frame.scrollTop += 100
      await new Promise(requestAnimationFrame)
    }
  })()`)
}

function sumOf(milliseconds: readonly number[]): number {
  return milliseconds.reduce((sum, each) => sum + each, 0)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
