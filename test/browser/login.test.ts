import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { MASTER_KEY } from './watch-page.ts'

const password = 'correct horse battery'
const LOGIN_BYTES = 25_000
const UNKNOWN = '401 /v2/session'
const WAIT = '429 /v2/session'

describeInBrowser('the door of the console', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: password, MASTER_KEY } })
  })
  afterAll(() => gateway.close())
  const visit = (path = '/', expected: string[] = []) =>
    lab().visit({ url: gateway.url, path, expected: [UNKNOWN, ...expected] })

  it('opens with the password, at the address that was asked for', async () => {
    const { page, leave } = await visit('/console/keys?sort=name')
    await page.getByLabel('Operator password').fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    expect(page.url()).toBe(`${gateway.url}/console/keys?sort=name`)
    await leave()
  })

  it('tells nothing of the gateway before, and is small', async () => {
    const { page, watch, leave } = await visit()
    await page.getByLabel('Operator password').waitFor()
    await watch.settle()
    const fetched = watch.fetched()
    const bytes = fetched.reduce((sum, { body }) => sum + (body === undefined ? 0 : gzipSync(body).length), 0)
    expect(bytes).toBeLessThanOrEqual(LOGIN_BYTES)
    expect(fetched.filter(({ path }) => path.startsWith('/v2/')).map(({ path }) => path)).toEqual([
      '/v2/session',
    ])
    expect(await page.content()).not.toMatch(/\d+\.\d+\.\d+|account/i)
    await leave()
  })

  it('shows and hides what is typed', async () => {
    const { page, leave } = await visit()
    const field = page.getByLabel('Operator password')
    await field.fill('x')
    expect(await field.getAttribute('type')).toBe('password')
    await page.getByRole('button', { name: 'Show the password' }).click()
    expect(await field.getAttribute('type')).toBe('text')
    await leave()
  })

  it('lets somebody whose session has ended in again, at the same address', async () => {
    const { page, context, leave } = await visit('/console/keys', [
      '401 /v2/feed',
      '401 /v2/events',
      '401 /v2/keys',
      '401 /v2/traffic',
      '401 /v2/accounts',
    ])
    await page.getByLabel('Operator password').fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    await page.getByRole('link', { name: 'Events' }).click()
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
    await context.clearCookies()
    // Whatever the page asks next is refused; it asks by itself when there is news.
    await (
      await fetch(`${gateway.url}/v2/keys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${password}`, 'content-type': 'application/json' },
        body: '{"name":"news"}',
      })
    ).text()
    await page.getByText('You were signed out.').waitFor()
    await page.getByLabel('Operator password').fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
    expect(page.url()).toBe(`${gateway.url}/console/events`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Operator password').waitFor()
    await leave()
  })

  it('says when the password is wrong, and how long to wait after many', async () => {
    const { page, leave } = await visit('/', [WAIT])
    const field = page.getByLabel('Operator password')
    for (let round = 0; round < 5; round += 1) {
      await field.fill(`wrong ${round}`)
      const answered = page.waitForResponse((response) => response.status() === 401)
      await page.keyboard.press('Enter')
      await answered
      await page.getByText('The password is wrong.').waitFor()
      await page.locator('button[type=submit][aria-busy=false]').waitFor()
    }
    await field.fill(password)
    await page.keyboard.press('Enter')
    const told = page.getByText(/Try again in \d+ s/)
    await told.waitFor()
    const seconds = async () => Number(/(\d+) s/.exec(await told.innerText())?.[1])
    const first = await seconds()
    expect(first).toBeGreaterThan(20)
    expect(await page.getByRole('button', { name: 'Sign in' }).getAttribute('aria-disabled')).toBe('true')
    await expect.poll(seconds, { timeout: 10_000 }).toBeLessThan(first)
    await leave()
  })
})

describeInBrowser('a gateway of this machine alone', (lab) => {
  it('needs no login', async () => {
    const gateway = await startGatewayUnderTest({ environment: { MASTER_KEY } })
    const { page, leave } = await lab().visit({ url: gateway.url })
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
    await leave()
    await gateway.close()
  })
})
