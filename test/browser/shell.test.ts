import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { listPages } from './console-pages.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { isQuiet } from './page-state.ts'

/** Packed, of the page with all that it needs; data that it shows is not counted. */
const PAGE_BYTES = 108_000
const PAGE_REQUESTS = 8

describeInBrowser('the frame of the console', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway()
  })
  afterAll(() => gateway.close())

  it.each(listPages())('$name is there within its budget', async ({ path }) => {
    const { page, watch, leave } = await lab().visit({ url: gateway.url, path })
    // The heading comes before the page's own files: they are all there when nothing is loading any more.
    await isQuiet(page)
    await watch.settle()
    const files = watch.fetched().filter((answer) => !answer.path.startsWith('/v2/'))
    const bytes = files.reduce((sum, { body }) => sum + (body === undefined ? 0 : gzipSync(body).length), 0)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThanOrEqual(PAGE_BYTES)
    // Pictures and the like do not keep anybody from using it.
    const needed = files.filter(({ type }) => /html|javascript|css/.test(type))
    expect(needed.map((answer) => answer.path).slice(PAGE_REQUESTS)).toEqual([])
    await leave()
  })

  it('remembers language, theme and privacy', async () => {
    const { page, leave } = await lab().visit({ url: gateway.url })
    const root = (attribute: string) => page.locator('html').getAttribute(attribute)
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await page.getByRole('button', { name: 'Show names (Shift+P)' }).click()
    await page.getByRole('button', { name: '切换到中文' }).click()
    await page.getByRole('heading', { level: 1, name: '概览' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: '概览' }).waitFor()
    expect(await root('lang')).toBe('zh-CN')
    expect(await root('data-theme')).toBe('dark')
    expect(await page.title()).toBe('概览 · Aqueduct')
    await page.getByRole('button', { name: '隐藏名称（Shift+P）' }).waitFor()
    await leave()
  })

  it('speaks the language of the browser at first', async () => {
    const { page, leave } = await lab().visit({ url: gateway.url, language: 'zh-CN' })
    await page.getByRole('heading', { level: 1, name: '概览' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await leave()
  })

  it('loses no key of a quick hand that opens the palette', async () => {
    const { page, context, leave } = await lab().visit({ url: gateway.url })
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    const keyboard = await context.newCDPSession(page)
    const press = (key: string, { modifiers = 0, text = '' } = {}) =>
      keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, modifiers, text })
    const palette = page.getByRole('dialog').getByRole('combobox')
    for (let round = 0; round < 5; round += 1) {
      const opens = press('k', { modifiers: 2 })
      // Before anything of it can be painted.
      const typed = 'events'.split('').map((letter) => press(letter, { text: letter }))
      await Promise.all([opens, ...typed])
      expect(await palette.inputValue()).toBe('events')
      await page.keyboard.press('Escape')
      await palette.waitFor({ state: 'detached' })
    }
    await leave()
  })

  it('is gone through by keys alone', async () => {
    const { page, leave } = await lab().visit({ url: gateway.url })
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('k')
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    await page.keyboard.press('Control+k')
    const search = page.getByRole('combobox', { name: 'Type a command or a page' })
    await search.waitFor()
    await page.keyboard.type('evnts')
    expect(await page.getByRole('option').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
    await search.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await search.waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor()
    await page.keyboard.press('Control+k')
    await search.waitFor()
    await page.keyboard.press('Escape')
    await search.waitFor({ state: 'detached' })
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
    await leave()
  })

  it('is told when the gateway has been updated under it, and asks to be loaded anew', async () => {
    const { page, leave } = await lab().visit({
      url: gateway.url,
      path: '/console/keys',
      expected: [/^404 \/console\//],
    })
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    // The parts of the page by their old names are gone.
    await page.route(/\/console\/.+\.js$/, (route) => route.fulfill({ status: 404 }))
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'The gateway has a newer console' }).waitFor()
    await page.unroute(/\/console\/.+\.js$/)
    await page.getByRole('button', { name: 'Reload' }).click()
    const search = page.getByRole('searchbox', { name: 'Search settings' })
    await search.waitFor()
    expect(await search.isVisible()).toBe(true)
    await leave()
  })

  it('has a bar of five on a phone, with the rest behind the last', async () => {
    const { page, leave } = await lab().visit({ url: gateway.url, width: 390 })
    const bar = page.getByRole('navigation', { name: 'Pages', exact: true })
    await bar.getByRole('link', { name: 'Overview' }).waitFor()
    const items = bar.locator('.rail-link:visible')
    expect(await items.count()).toBeLessThanOrEqual(5)
    const heights = await items.evaluateAll((each) => each.map((item) => item.getBoundingClientRect().height))
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
    await bar.getByRole('button', { name: 'More' }).click()
    const sheet = page.getByRole('dialog', { name: 'More' })
    await sheet.getByRole('button', { name: 'Dark theme' }).waitFor()
    await sheet.getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    await sheet.waitFor({ state: 'detached' })
    expect(await bar.getByRole('button', { name: 'More' }).getAttribute('aria-current')).toBe('true')
    await leave()
  })

  it('reaches all pages from a phone: by the bar, or by what is behind it', async () => {
    const { page, leave } = await lab().visit({ url: gateway.url, width: 390 })
    const bar = page.getByRole('navigation', { name: 'Pages', exact: true })
    await bar.getByRole('link', { name: 'Overview' }).waitFor()
    const inBar = await bar.getByRole('link').count()
    await bar.getByRole('button', { name: 'More' }).click()
    const behind = page.getByRole('navigation', { name: 'More pages' }).getByRole('link')
    // The documentation is no page of the console.
    expect(inBar + (await behind.count()) - 1).toBe(listPages().length)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await bar.locator('button:focus').waitFor()
    await leave()
  })
})
