import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callListAnswer } from '../../src/http/admin/console-contract.ts'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { OPENAI, questionFor } from '../read-answer.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { feedScript, feedSeconds, measureCost } from './fed-page.ts'
import { axeScript, findViolations } from './find-violations.ts'
import { paintScript, readPaints } from './page-paints.ts'
import { isQuiet, overflowOf } from './page-state.ts'

const SOAK_SECONDS = 200
const clientKey = 'a-client-key-of-the-environment-1234'
const MEGABYTE = 1e6
const PATIENCE = { timeout: 15_000 }

const chartOf = (page: Page, name: RegExp) => page.getByRole('slider', { name })
const TRAFFIC = /^Requests per/
const LATENCY = /^Time to/
const pictureOf = (page: Page) =>
  page.evaluate<string>(`document.querySelector('.chart-plot canvas').toDataURL()`)

describeInBrowser('the overview', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway({ environment: { OPENAI_KEYS: clientKey } })
    const question = questionFor(OPENAI, false)
    const headers = { authorization: `Bearer ${clientKey}` }
    for (let turn = 0; turn < 3; turn += 1) await gateway.postJson(OPENAI, question, headers)
    await gateway.postJson(OPENAI, { ...question, model: 'no-such-model' }, headers)
  })
  afterAll(() => gateway.close())
  /** Any of them may have been chosen. */
  async function accountOfACall(): Promise<string> {
    const answer = await gateway.fetch('/v2/calls?outcome=ok&limit=1')
    const { calls } = callListAnswer.parse(await answer.json())
    return calls[0]?.accountIds[0] ?? ''
  }
  const visit = (path: string, wishes = {}) => lab().visit({ url: gateway.url, path, ...wishes })

  it('has charts that keys read, both at the same moment', async () => {
    const { page, leave } = await visit('/?range=15m')
    const traffic = chartOf(page, TRAFFIC)
    const latency = chartOf(page, LATENCY)
    const now = (chart: typeof traffic) => chart.getAttribute('aria-valuenow')
    await traffic.focus()
    await page.keyboard.press('Home')
    expect([await now(traffic), await now(latency)]).toEqual(['0', '0'])
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight')
    expect([await now(traffic), await now(latency)]).toEqual(['3', '3'])
    expect(await traffic.getAttribute('aria-valuetext')).toMatch(/Succeeded \d+, Client error \d+/)
    expect(await page.locator('.u-cursor-x:not(.u-off)').count()).toBe(2)
    await page.keyboard.press('Escape')
    expect(await now(traffic)).toBe('899')
    await leave()
  })

  it('shows what is pointed at in both charts', async () => {
    const { page, leave } = await visit('/?range=15m')
    const plot = page.locator('.u-over').first()
    await plot.waitFor()
    await plot.hover({ position: { x: 100, y: 60 } })
    const moments = page.locator('.chart-moment')
    await expect.poll(() => moments.allTextContents()).not.toContain('')
    const [first, second] = await moments.allTextContents()
    expect(first).toBe(second)
    await leave()
  })

  it('has its charts level where they stand beside each other', async () => {
    const { page, leave } = await visit('/?range=1h')
    const [traffic, latency] = [chartOf(page, TRAFFIC), chartOf(page, LATENCY)]
    await latency.waitFor()
    expect((await latency.boundingBox())?.y).toBe((await traffic.boundingBox())?.y)
    await leave()
  })

  it('tells the same in tables, and in words', async () => {
    const { page, leave } = await visit('/', { script: axeScript })
    await chartOf(page, TRAFFIC).waitFor()
    const [toTable] = await page.getByRole('button', { name: 'As a table' }).all()
    await toTable?.focus()
    await page.keyboard.press('Enter')
    const table = page.getByRole('region', { name: TRAFFIC }).getByRole('table')
    await table.waitFor()
    expect(await table.getByRole('row').count()).toBeGreaterThan(1)
    expect(await findViolations(page)).toEqual([])
    await page.keyboard.press('Enter')
    await chartOf(page, TRAFFIC).waitFor()
    const words = await chartOf(page, TRAFFIC).getAttribute('aria-describedby')
    expect(await page.locator(`[id="${words}"]`).textContent()).toContain('Succeeded: 3 in all')
    await leave()
  })

  it('hides and shows a part of the stack', async () => {
    const { page, leave } = await visit('/')
    const key = page.getByRole('button', { name: /^Succeeded/ })
    await key.focus()
    await page.keyboard.press('Space')
    expect(await key.getAttribute('aria-pressed')).toBe('false')
    expect(await chartOf(page, TRAFFIC).getAttribute('aria-valuetext')).not.toContain('Succeeded')
    await page.keyboard.press('Space')
    expect(await key.getAttribute('aria-pressed')).toBe('true')
    await leave()
  })

  it('keeps what it shows in the address', async () => {
    const { page, leave } = await visit('/')
    await page.getByRole('button', { name: '7 days' }).click()
    await page.getByRole('heading', { name: 'Requests per hour, by outcome' }).waitFor()
    await page.getByRole('button', { name: 'Whole answer' }).click()
    expect(page.url()).toBe(`${gateway.url}/?range=7d&latency=total`)
    await page.reload()
    await chartOf(page, /^Time to the end/).waitFor()
    expect(await page.getByRole('button', { name: '7 days' }).getAttribute('aria-pressed')).toBe('true')
    await leave()
  })

  it('shows how long requests of one account, API or model took, in words too', async () => {
    const { page, leave } = await visit('/', { script: axeScript })
    const asked = await accountOfACall()
    const choice = page.getByRole('combobox', { name: 'Requests whose latency is shown' })
    const words = async () => {
      const id = await chartOf(page, LATENCY).getAttribute('aria-describedby')
      return page.locator(`[id="${id}"]`).textContent()
    }
    await expect.poll(() => choice.getByText(/^Account: /).count(), PATIENCE).toBe(13)
    const names = await choice.getByText(/^Account: /).allTextContents()
    expect([new Set(names).size, names.filter((name) => name.includes('person'))]).toEqual([13, []])
    expect(await choice.getByText('API: OpenAI Responses, compacting').count()).toBe(1)
    await choice.selectOption({ label: 'API: OpenAI Chat' })
    expect(page.url()).toBe(`${gateway.url}/?of=dialect%3Aopenai-chat`)
    await expect.poll(words, PATIENCE).toMatch(/p50: between \d/)
    await choice.selectOption({ label: 'API: Anthropic Messages' })
    await expect.poll(words, PATIENCE).not.toMatch(/p50: between \d/)
    await choice.selectOption(`account:${asked}`)
    await expect.poll(words, PATIENCE).toMatch(/p50: between \d/)
    await page.reload()
    await expect.poll(() => choice.inputValue(), PATIENCE).toBe(`account:${asked}`)
    await expect.poll(words, PATIENCE).toMatch(/p50: between \d/)
    await page.getByText('From the log of requests, which goes back to').waitFor()
    expect(await findViolations(page)).toEqual([])
    await choice.selectOption('')
    expect(page.url()).toBe(`${gateway.url}/`)
    await leave()
  })

  it('has its charts drawn anew in another theme', async () => {
    const { page, leave } = await visit('/?range=7d')
    await chartOf(page, TRAFFIC).locator('canvas').waitFor()
    await isQuiet(page)
    const light = await pictureOf(page)
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await expect.poll(() => pictureOf(page)).not.toBe(light)
    await page.getByRole('button', { name: 'Light theme' }).click()
    await expect.poll(() => pictureOf(page)).toBe(light)
    await leave()
  })

  it('names leaders, and says of each check why it matters', async () => {
    const { page, leave } = await visit('/', { script: axeScript })
    const models = page.getByRole('table', { name: 'Models' })
    await models.getByRole('rowheader', { name: 'claude-sonnet-4.5' }).waitFor()
    await page.getByRole('button', { name: 'Errors', exact: true }).click()
    await models.getByText('No request in this time.').waitFor()
    const check = page.locator('summary', { hasText: 'Database' })
    await check.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Worrying from 50 ms, bad from 500 ms.').waitFor()
    expect(await findViolations(page)).toEqual([])
    await leave()
  })

  it('leads from its figures to the requests that they are of', async () => {
    const { page, leave } = await visit('/')
    await page.getByRole('link', { name: 'Success, last hour' }).click()
    expect(page.url()).toBe(`${gateway.url}/console/requests?range=1h&outcome=upstream-error`)
    await leave()
  })

  it('asks for one thing a minute', async () => {
    const { page, context, leave } = await visit('/console/nothing')
    const asked: string[] = []
    await context.clock.install()
    await page.goto(`${gateway.url}/?range=24h`)
    await isQuiet(page)
    page.on('request', (request) => {
      const path = request.url().slice(gateway.url.length)
      // These are asked for when the feed has news of them, whatever the time.
      if (!/^\/v2\/(accounts|events|feed)/.test(path)) asked.push(path)
    })
    await context.clock.runFor(10 * 60_000)
    expect(asked.filter((path) => !/traffic|quota|health/.test(path))).toEqual([])
    expect(asked.length).toBeGreaterThan(5)
    // The page was open for a moment before.
    expect(asked.length).toBeLessThanOrEqual(11)
    expect(new Set(asked)).toContain('/v2/traffic?range=1h')
    expect(new Set(asked)).toContain('/v2/traffic/top?range=24h')
    await leave()
  })

  it('does not grow while it is open', async () => {
    const { page, context, leave } = await visit('/?range=15m', { script: feedScript })
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await page.reload()
    await chartOf(page, TRAFFIC).waitFor()
    const session = await context.newCDPSession(page)
    const start = Date.now()
    await feedSeconds(page, start, SOAK_SECONDS)
    const before = await measureCost(session)
    await feedSeconds(page, start + SOAK_SECONDS * 1000, SOAK_SECONDS)
    const after = await measureCost(session)
    expect(await page.locator('.figures').textContent()).toContain('of 20')
    expect(after.heapBytes - before.heapBytes).toBeLessThan(2 * MEGABYTE)
    expect(after.nodes - before.nodes).toBeLessThan(50)
    expect(after.listeners - before.listeners).toBeLessThan(20)
    await leave()
  })

  it.each([390, 1440])('does not move while it comes, in %i px', async (width) => {
    const { page, leave } = await visit('/', { width, script: paintScript })
    await isQuiet(page)
    expect((await readPaints(page)).shift).toBeLessThanOrEqual(0.02)
    await leave()
  })

  it('says so where nothing live is to be had, and awaits nothing for ever', async () => {
    const { page, leave } = await visit('/', {
      prepare: (opened: Page) => opened.route('**/v2/feed', (route) => route.fulfill({ status: 502 })),
      expected: ['502 /v2/feed'],
    })
    const words = page.getByText('The live link is down, so there is nothing to show here yet')
    await expect.poll(() => words.count()).toBe(2)
    await leave()
  })

  it.each([320, 390, 1440])('fits into %i px with everything open', async (width) => {
    const { page, leave } = await visit('/?range=24h', { width, script: axeScript })
    await isQuiet(page)
    for (const button of await page.getByRole('button', { name: 'As a table' }).all()) await button.click()
    for (const check of await page.locator('.check summary').all()) await check.click()
    expect(await overflowOf(page)).toEqual([])
    expect(await findViolations(page)).toEqual([])
    await leave()
  })
})
