/**
 * How soon each page of the console stands, and whether it moves while it comes: on a desk, and on a phone with a slow connection
 * and a quarter of the processor. What goes by the clock is judged with as much patience as the machine is busy. For how long
 * a page holds its thread up there, and what is done most, is told in time of the processor. Run: node test/full/console-speed.ts [rounds]
 */
import { performance } from 'node:perf_hooks'
import type { Page } from 'playwright-core'
import { startBrowserLab } from '../browser/browser-lab.ts'
import { listPages } from '../browser/console-pages.ts'
import { PHONE_SLOWNESS, paintScript, readPaints, slowDown } from '../browser/page-paints.ts'
import { isQuiet } from '../browser/page-state.ts'
import { startShownGateway } from '../browser/shown-gateway.ts'
import { measureTasks, measureTasksAfterPaint } from '../browser/task-times.ts'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { MASTER_KEY } from '../browser/watch-page.ts'

const ROUNDS = Number(process.argv[2] ?? 8)
const DESK_MS = 800
const PHONE_MS = 2000
const MOST_SHIFT = 0.02
const BLOCKED_MS = 150
/** A task that is shorter holds nobody up. */
const TASK_MS = 50
const CALIBRATION = '{ let sum = 0; for (let n = 0; n < 3e7; n += 1) sum += n % 7; sum }'
const CALIBRATION_MS = 50
/** On a machine that is busier nothing can be judged. */
const MOST_PATIENCE = 4

const { gateway: shown, ids } = await startShownGateway()
const locked = await startGatewayUnderTest({
  environment: { MASTER_KEY, ADMIN_PASSWORD: 'correct horse battery' },
})
const lab = await startBrowserLab()
const faults: string[] = []
try {
  const places = [
    ...listPages().map((place) => ({ ...place, url: shown.url })),
    { name: 'login', path: '/', url: locked.url },
  ]
  for (const place of places) {
    await judgePlace(place, { width: 1440, most: DESK_MS, isSlow: false })
    await judgePlace(place, { width: 390, most: PHONE_MS, isSlow: true })
  }
  await judgeDeeds()
} finally {
  await lab.close()
  await shown.close()
  await locked.close()
}
print(`${faults.length} faults${faults.map((fault) => `\n  ${fault}`).join('')}`)
process.exitCode = faults.length === 0 ? 0 : 1

interface Place {
  name: string
  path: string
  url: string
}

interface Circumstances {
  width: number
  most: number
  isSlow: boolean
}

async function judgePlace({ name, path, url }: Place, { width, most, isSlow }: Circumstances): Promise<void> {
  const where = `${name} on a ${isSlow ? 'phone' : 'desk'}`
  const seen: { largestMs: number; shift: number; patience: number; blockedMs: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { page, leave } = await lab.visit({
      url,
      path: '/v1/nothing-yet',
      width,
      script: paintScript,
      expected: ['401 /v2/session', /^404 \/v1/],
    })
    const { byClock, byProcessor } = await measureSlowness(page)
    const patience = Math.min(MOST_PATIENCE, Math.max(1, byClock))
    if (isSlow) await slowDown(page)
    const tasks = await measureTasksAfterPaint(page, async () => {
      await page.goto(`${url}${path}`)
      await isQuiet(page)
    })
    // Slowing the page down costs its thread time, too: that of a phone is reckoned from that of a desk.
    const blockedMs = tasks
      .map((milliseconds) => (milliseconds / byProcessor) * PHONE_SLOWNESS)
      .reduce((sum, milliseconds) => sum + Math.max(0, milliseconds - TASK_MS), 0)
    seen.push({ ...(await readPaints(page)), patience, blockedMs })
    await leave()
  }
  // Of four visits three are as fast or faster.
  const largest = upperQuarter(seen.map(({ largestMs, patience }) => largestMs / patience))
  const patience = upperQuarter(seen.map((each) => each.patience))
  const blocked = upperQuarter(seen.map(({ blockedMs }) => blockedMs))
  const shift = Math.max(...seen.map((each) => each.shift))
  print(
    `${where}: stands after ${largest.toFixed(0)} of ${most} ms (the machine ${patience.toFixed(1)} times as slow), ` +
      `moves by ${shift.toFixed(3)}${isSlow ? '' : `, would hold up a phone for ${blocked.toFixed(0)} ms`}`,
  )
  if (largest > most) faults.push(`${where} stands late`)
  if (shift > MOST_SHIFT) faults.push(`${where} moves`)
  if (!isSlow && blocked > BLOCKED_MS) faults.push(`${name} would hold up a phone`)
}

/** What is done most, from the key until it is drawn. */
async function judgeDeeds(): Promise<void> {
  const { page, leave } = await lab.visit({ url: shown.url, path: '/console/requests' })
  await isQuiet(page)
  const deeds: [string, number, () => Promise<unknown>][] = [
    ['the commands', 50, () => page.keyboard.press('Control+k')],
    ['closing them', 50, () => page.keyboard.press('Escape')],
    ['another theme', 50, () => page.getByRole('button', { name: 'Dark theme' }).click()],
    ['a request', 100, () => page.locator(`a[href*="${ids.call}"]`).first().click()],
  ]
  for (const [name, most, act] of deeds) {
    const [longest] = await measureTasks(page, act)
    print(`${name}: ${longest.toFixed(0)} of ${most} ms`)
    if (longest > most) faults.push(name)
  }
  await leave()
}

/** How many times as slow the machine is as the one that is judged for: by the clock others that use it count, too. */
async function measureSlowness(page: Page): Promise<{ byClock: number; byProcessor: number }> {
  const startedAt = performance.now()
  await page.evaluate(CALIBRATION)
  const byClock = (performance.now() - startedAt) / CALIBRATION_MS
  const [task] = await measureTasks(page, () => page.evaluate(CALIBRATION))
  return { byClock, byProcessor: task / CALIBRATION_MS }
}

function upperQuarter(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.ceil(sorted.length * 0.75) - 1] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
