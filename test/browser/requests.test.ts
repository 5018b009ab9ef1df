/** The page of requests, by hand and by keys, before a gateway that has answered some. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { ANTHROPIC, OPENAI, questionFor } from '../read-answer.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { axeScript, findViolations } from './find-violations.ts'
import { MASTER_KEY } from './watch-page.ts'

const PATIENCE = { timeout: 15_000 }

const linksIn = (page: Page) => page.locator('.requests-open')
const addressOf = (page: Page) => new URL(page.url()).searchParams

/** The newest, by a key that may be pressed again: pages listen a moment after they are drawn. */
async function chooseFirst(page: Page): Promise<void> {
  await vi.waitUntil(async () => {
    await page.keyboard.press('k')
    return (await page.locator('.requests-table tr.current').count()) === 1
  }, PATIENCE)
}

describeInBrowser('the page of requests', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { MASTER_KEY } })
    for (let turn = 0; turn < 3; turn += 1) await ask(OPENAI, 'curl/8.5.0')
    await ask(ANTHROPIC, 'claude-cli/2.1.0 (external, cli)')
    await ask(OPENAI, 'curl/8.5.0', { model: 'no-such-model' })
    await vi.waitUntil(async () => (await countKept()) === 5, PATIENCE)
  })
  afterAll(() => gateway.close())

  async function ask(path: string, userAgent: string, changes: object = {}): Promise<void> {
    const question = { ...questionFor(path, false), ...changes }
    await (await gateway.postJson(path, question, { 'user-agent': userAgent })).text()
  }
  async function countKept(): Promise<number> {
    const { calls }: { calls: unknown[] } = JSON.parse(await (await gateway.fetch('/v2/calls')).text())
    return calls.length
  }
  interface OpenWishes {
    width?: number
    expected?: string[]
    language?: 'en' | 'zh-CN'
  }
  async function open(query = '', { language = 'en', ...wishes }: OpenWishes = {}) {
    const preferences = { privacy: false, language }
    const path = `/console/requests?range=1h${query}`
    return lab().visit({ url: gateway.url, path, preferences, script: axeScript, ...wishes })
  }

  it('narrows the list by filters that are in the address, and widens it again by keys', async () => {
    const { page, leave } = await open()
    await expect.poll(() => linksIn(page).count(), PATIENCE).toBe(5)
    await page.getByText('5 requests, 1 did not go well').waitFor()
    await page.getByText('Show as a table').click()
    await page.getByRole('button', { name: 'Filters', exact: true }).click()
    expect(await findViolations(page)).toEqual([])
    await page.getByLabel('Status', { exact: true }).selectOption('4xx')
    await expect.poll(() => linksIn(page).count()).toBe(1)
    expect(addressOf(page).get('status')).toBe('4xx')
    await page.getByText('1 request, 1 did not go well').waitFor()
    await page.getByRole('button', { name: 'Remove the filter Status' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => linksIn(page).count()).toBe(5)
    await page.getByLabel('Client', { exact: true }).fill('claude-cli')
    await expect.poll(() => addressOf(page).get('client')).toBe('claude-cli')
    await expect.poll(() => linksIn(page).count()).toBe(1)
    await page.reload()
    await page.getByRole('button', { name: 'Remove the filter Client' }).waitFor()
    await expect.poll(() => linksIn(page).count()).toBe(1)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.keyboard.press('/')
    await page.keyboard.type('not-found')
    await expect.poll(() => addressOf(page).get('search')).toBe('not-found')
    await expect.poll(() => linksIn(page).count()).toBe(1)
    await page.getByRole('searchbox').fill('xyz')
    await page.getByText('at least 12 characters of an id').waitFor()
    await leave()
  })

  it('tells of a search that is too short beside its field alone, in the language of the page', async () => {
    const { page, leave } = await open('&search=xyz', { language: 'zh-CN' })
    const field = page.getByRole('searchbox', { name: '搜索' })
    await page.getByText('请求编号的至少 12 个字符').waitFor()
    expect(await page.getByText('请求编号的至少 12 个字符').count()).toBe(1)
    expect(await field.inputValue()).toBe('xyz')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await expect.poll(() => linksIn(page).count(), PATIENCE).toBe(5)
    await page.locator('.histogram-bars').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await findViolations(page)).toEqual([])
    await field.fill('not-found')
    await expect.poll(() => linksIn(page).count()).toBe(1)
    await field.fill('')
    await expect.poll(() => addressOf(page).get('search')).toBeNull()
    await leave()
  })

  it('loses no letter that is typed as the address comes to what was typed before', async () => {
    const { page, leave } = await open()
    const field = page.getByRole('searchbox')
    await field.fill('not-fo')
    await page.evaluate(`for (const name of ['pushState', 'replaceState']) {
      const change = history[name].bind(history)
      history[name] = (...given) => {
        change(...given)
        const input = document.querySelector('.request-search input')
        if (input.value !== 'not-fo') return
        input.value = 'not-found'
        input.dispatchEvent(new Event('input', { bubbles: true }))
      }
    }`)
    await expect.poll(() => addressOf(page).get('search')).toBe('not-found')
    expect(await field.inputValue()).toBe('not-found')
    await leave()
  })

  it('tells once of a filter that the gateway does not know', async () => {
    const { page, leave } = await open('&outcome=zzz', {
      expected: ['400 /v2/calls', '400 /v2/calls/histogram'],
    })
    await page.getByRole('alert').getByText('outcome').waitFor()
    await page.locator('.histogram').waitFor({ state: 'detached' })
    expect(await page.getByRole('alert').count()).toBe(1)
    await page.getByRole('button', { name: 'Remove the filter Ended' }).click()
    await expect.poll(() => linksIn(page).count(), PATIENCE).toBe(5)
    expect(await page.getByRole('alert').count()).toBe(0)
    await leave()
  })

  it('says why nothing is there', async () => {
    const { page, leave } = await open('&client=nobody')
    await page.getByRole('heading', { name: 'No request matches' }).waitFor()
    await page.getByRole('region').getByText('0 requests').waitFor()
    await page.getByRole('heading', { name: 'No request matches' }).waitFor()
    await page.goto(
      `${gateway.url}/console/requests?range=custom&since=2026-01-01T00:00&until=2026-01-02T00:00`,
    )
    await page.getByRole('heading', { name: 'No request in this time' }).waitFor()
    await page.getByText('The oldest that is kept is of').waitFor()
    await page.getByRole('button', { name: 'Show 30 days' }).click()
    await expect.poll(() => linksIn(page).count()).toBe(5)
    await leave()
  })

  it('has a part of the time chosen by keys, and by a mouse', async () => {
    const { page, leave } = await open()
    await expect.poll(() => linksIn(page).count(), PATIENCE).toBe(5)
    const end = page.getByRole('slider', { name: 'End of the selection' })
    await end.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => addressOf(page).get('to')).not.toBeNull()
    expect(await end.getAttribute('aria-valuenow')).toBe('1')
    await page.getByRole('heading', { name: 'No request matches' }).waitFor()
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(() => end.getAttribute('aria-valuenow')).toBe('11')
    await page.keyboard.press('Escape')
    await expect.poll(() => addressOf(page).get('from')).toBeNull()
    await expect.poll(() => linksIn(page).count()).toBe(5)
    const bars = await page.locator('.histogram-bars').boundingBox()
    if (bars === null) throw new Error('The histogram is not drawn.')
    await page.mouse.move(bars.x + 5, bars.y + 20)
    await page.mouse.down()
    await page.mouse.move(bars.x + bars.width / 4, bars.y + 20, { steps: 4 })
    await page.mouse.up()
    await page.getByRole('heading', { name: 'No request matches' }).waitFor()
    const from = addressOf(page).get('from')
    await page.getByRole('button', { name: 'Zoom in' }).click()
    expect(addressOf(page).get('range')).toBe('custom')
    expect(addressOf(page).get('from')).toBeNull()
    expect(Date.parse(addressOf(page).get('since') ?? '')).toBeLessThan(
      Date.parse(from ?? '') + 24 * 3_600_000,
    )
    await leave()
  })

  it('tells by a drawer how a request went, and goes from one to the next by keys', async () => {
    const { page, leave } = await open()
    await expect.poll(() => linksIn(page).count(), PATIENCE).toBe(5)
    await chooseFirst(page)
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog')
    await drawer.getByText('There was no such model').waitFor()
    await drawer.getByText('No account was chosen').waitFor()
    await drawer.getByRole('tab', { name: 'Anthropic Messages' }).click()
    await drawer.getByText('"type": "not_found_error"').waitFor()
    expect(await findViolations(page)).toEqual([])
    const refused = addressOf(page).get('request')
    await page.keyboard.press(']')
    await expect.poll(() => addressOf(page).get('request')).not.toBe(refused)
    await drawer.getByText('Attempt 1').waitFor()
    await drawer
      .getByText('Nothing bound it to an account')
      .or(drawer.getByText('Its conversation'))
      .first()
      .waitFor()
    await drawer.getByText('Until Amazon Q began to answer').waitFor()
    await drawer.getByText('Nothing is kept of what was said in this call.').waitFor()
    await page.keyboard.press('[')
    await expect.poll(() => addressOf(page).get('request')).toBe(refused)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    expect(addressOf(page).get('request')).toBeNull()
    await leave()
  })

  it('says so when a request is not kept, and lets it be asked for again', async () => {
    const { page, leave } = await open('&request=req_gone', { expected: ['404 /v2/calls/req_gone'] })
    const drawer = page.getByRole('dialog', { name: 'req_gone' })
    await drawer.getByText('No call with this id is kept').waitFor()
    expect(await drawer.getByRole('button', { name: 'Try again' }).count()).toBe(1)
    await leave()
  })

  it('gives the list as a file', async () => {
    const { page, leave } = await open('&status=4xx')
    await page.getByRole('button', { name: /^Export/ }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'As a table (CSV)' }).click(),
    ])
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('model-not-found')
    await leave()
  })

  it('shows new ones by itself, and waits while somebody points at the list', async () => {
    const { page, leave } = await open('&client=tail')
    await page.getByRole('heading', { name: 'No request matches' }).waitFor()
    await page.getByRole('switch', { name: 'Live' }).focus()
    await page.keyboard.press('Space')
    await page.getByText('New requests appear by themselves.').waitFor()
    await ask(OPENAI, 'tail/1.0')
    await expect.poll(() => linksIn(page).count(), PATIENCE).toBe(1)
    await page.locator('.requests-frame').hover()
    await page.getByText('Waiting while you point at the list.').waitFor()
    await ask(OPENAI, 'tail/1.0')
    await expect.poll(countOfTail, PATIENCE).toBe(2)
    expect(await linksIn(page).count()).toBe(1)
    await page.mouse.move(5, 5)
    await expect.poll(() => linksIn(page).count(), PATIENCE).toBe(2)
    await page.locator('.requests-frame').focus()
    await chooseFirst(page)
    await page.getByText('Waiting while a request is chosen.').waitFor()
    await Promise.all(Array.from({ length: 24 }, () => ask(OPENAI, 'tail/1.0')))
    await expect.poll(countOfTail, PATIENCE).toBe(26)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '14 more: show them' }).click(PATIENCE)
    await expect.poll(() => page.locator('.requests-table').getAttribute('aria-rowcount')).toBe('27')
    await leave()
  }, 60_000)

  it('is a list of cards on a phone, without anything that scrolls sideways', async () => {
    const { page, leave } = await open('&status=4xx', { width: 390 })
    await page.locator('.request-card').first().waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.getByText('Show as a table').click()
    await page.locator('.histogram-numbers table').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await linksIn(page).first().click()
    await page.getByRole('dialog').getByText('There was no such model').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await leave()
  })

  it('still reads well when the account is gone', async () => {
    await gateway.fetch(`/v2/accounts/${gateway.accountId}`, { method: 'DELETE' })
    const { page, leave } = await open('&client=claude-cli')
    await page
      .locator('.requests-table')
      .getByText(/^gone: /)
      .waitFor()
    await chooseFirst(page)
    await page.keyboard.press('Enter')
    const gone = page.getByRole('dialog').getByText(/^gone: /)
    await gone.first().waitFor()
    expect(await gone.first().getAttribute('title')).toContain(gateway.accountId)
    await leave()
  })

  async function countOfTail(): Promise<number> {
    const answer = await gateway.fetch('/v2/calls?client=tail')
    const { calls }: { calls: unknown[] } = JSON.parse(await answer.text())
    return calls.length
  }
})
