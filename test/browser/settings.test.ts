import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { startTinyProxy } from '../tiny-proxy.ts'
import type { VisitWishes } from './browser-lab.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { axeScript, findViolations } from './find-violations.ts'
import { overflowOf } from './page-state.ts'
import { MASTER_KEY } from './watch-page.ts'

const password = 'correct horse battery'
const UNKNOWN = '401 /v2/session'
const settingsAnswer = z.looseObject({
  revision: z.number(),
  settings: z.array(z.looseObject({ name: z.string(), value: z.string().nullable() })),
})

describeInBrowser('the page of settings', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { MASTER_KEY, MAX_SESSIONS: '55' } })
  })
  afterAll(() => gateway.close())
  const visit = (query: string, wishes: Omit<VisitWishes, 'url' | 'path'> = {}) =>
    lab().visit({ url: gateway.url, path: `/console/settings${query}`, script: axeScript, ...wishes })
  const read = async () => settingsAnswer.parse(await (await gateway.fetch('/v2/settings')).json())
  const valueOf = async (name: string) => (await read()).settings.find((each) => each.name === name)?.value
  async function change(settings: Record<string, string | null>): Promise<void> {
    const { revision } = await read()
    const answer = await gateway.fetch('/v2/settings', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ revision, settings }),
    })
    expect(answer.status).toBe(200)
  }

  it('changes several at once, after a look at what will be, and takes one back', async () => {
    const { page, leave } = await visit('?group=pool')
    await page.getByLabel('Strategy', { exact: true }).selectOption('weighted')
    await page.getByLabel('Failures until an account is switched off').fill('42')
    await page.getByText('2 changes, not saved').waitFor()
    await page.getByRole('button', { name: 'Review and save' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save these changes?' })
    await dialog.getByText('random').waitFor()
    await dialog.getByText('weighted').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('2 settings are saved').waitFor()
    expect([await valueOf('ACCOUNT_STRATEGY'), await valueOf('MAX_ERROR_COUNT')]).toEqual(['weighted', '42'])
    await page.getByRole('button', { name: 'Reset to default: Strategy' }).click()
    await page.getByRole('button', { name: 'Review and save' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('1 setting is saved').waitFor()
    expect(await valueOf('ACCOUNT_STRATEGY')).toBe('random')
    await leave()
  })

  it('is used by keys alone', async () => {
    const { page, leave } = await visit('')
    await page.getByRole('searchbox', { name: 'Search settings' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('ping')
    const field = page.getByLabel('Pings in a stream')
    await field.waitFor()
    await field.focus()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('11')
    const review = page.getByRole('button', { name: 'Review and save' })
    await review.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    // The focus is where it was.
    await page.locator('.save-bar .primary:focus').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('1 setting is saved').waitFor()
    expect(await valueOf('PING_INTERVAL_SECONDS')).toBe('11')
    await leave()
  })

  it('says in place what cannot be, and does not send it', async () => {
    const { page, leave } = await visit('?group=pool')
    const field = page.getByRole('textbox', { name: 'Wait for an account' })
    await field.fill('8')
    await page.getByText('must be a number from 0 to 7').waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('button', { name: 'Review and save' }).click({ force: true })
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('button', { name: 'Discard' }).click()
    expect(await field.inputValue()).toBe('5')
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await field.inputValue()).toBe('8')
    await leave()
  })

  it('shows what the gateway alone can refuse', async () => {
    const { page, leave } = await visit('?group=answers', { expected: ['400 /v2/settings'] })
    await page.getByLabel('Names for models').fill('a=b, b=c')
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').getByText('must lead names to models').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#setting-MODEL_ALIASES').getByText('must lead names to models').waitFor()
    expect(await valueOf('MODEL_ALIASES')).toBe('')
    await leave()
  })

  it('shows what somebody else has set meanwhile, before it saves over it', async () => {
    const { page, leave } = await visit('?group=limits', { expected: ['409 /v2/settings'] })
    // Without news of it.
    await page.getByTitle('Pause live updates').click()
    await page.getByRole('textbox', { name: "Silence within the service's answer" }).fill('300')
    await change({ IDLE_TIMEOUT_SECONDS: '400' })
    await page.getByRole('button', { name: 'Review and save' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Somebody has changed settings meanwhile').waitFor()
    await dialog.getByText('400 seconds').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('1 setting is saved').waitFor()
    expect(await valueOf('IDLE_TIMEOUT_SECONDS')).toBe('300')
    await leave()
  })

  it('locks what the environment sets, and says why', async () => {
    const { page, leave } = await visit('?q=MAX_SESSIONS')
    const row = page.locator('#setting-MAX_SESSIONS')
    await row.getByText('55').waitFor()
    await row.getByText('It is set in the environment').waitFor()
    expect(await row.locator('input').count()).toBe(0)
    await leave()
  })

  it('says what waits for a restart', async () => {
    const { page, leave } = await visit('?q=connecting')
    await change({ CONNECT_TIMEOUT_SECONDS: '9' })
    await page.locator('#setting-CONNECT_TIMEOUT_SECONDS').getByText('After a restart: 9 seconds').waitFor()
    await page.getByText('1 change waits for a restart').waitFor()
    expect(await valueOf('CONNECT_TIMEOUT_SECONDS')).toBe('5')
    await leave()
  })

  it('finds nothing where there is nothing, and says so in Chinese, on a phone', async () => {
    const { page, leave } = await visit('?q=zzz', { language: 'zh-CN', width: 390 })
    await page.getByRole('heading', { name: '没有匹配的设置' }).waitFor()
    await page.getByRole('button', { name: '清除搜索' }).click()
    await page.getByRole('heading', { name: '脚本令牌' }).waitFor()
    const isWide = await page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth')
    expect(isWide).toBe(false)
    await leave()
  })

  it('tests a proxy in place, in the words of the page', async () => {
    const proxy = await startTinyProxy()
    const { page, leave } = await visit('?group=network', {
      language: 'zh-CN',
      expected: ['400 /v2/proxy/test'],
    })
    const field = page.getByLabel('代理地址')
    const press = () => page.getByRole('button', { name: '测试', exact: true }).click()
    await press()
    await page.getByText('不经过代理').waitFor()
    await field.fill('ftp://nowhere')
    await press()
    await page.getByText('不是有效的代理地址').waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.fill(proxy.url)
    await press()
    await page.getByText('可用', { exact: true }).waitFor()
    await proxy.close()
    await press()
    await page.getByText('无法连接该地址').waitFor()
    expect(await findViolations(page)).toEqual([])
    await leave()
  })

  it('says in whole sentences on a phone why a proxy does not work, and not of another address', async () => {
    const json = { outcome: 'untrusted', milliseconds: 12, service: 'q.example' }
    const { page, leave } = await visit('?group=network', {
      width: 320,
      prepare: (prepared) => prepared.route('**/v2/proxy/test', (route) => route.fulfill({ json })),
    })
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.getByText('Does not work', { exact: true }).waitFor()
    await page.getByText('A certificate is not trusted here.').waitFor()
    expect(await overflowOf(page)).toEqual([])
    expect(await findViolations(page)).toEqual([])
    await page.getByLabel('Address of a proxy').fill('http://another:3128')
    expect(await page.getByText('Does not work', { exact: true }).count()).toBe(0)
    await leave()
  })

  it('says how large the database is, how much of it is free, and how to give that back', async () => {
    const { page, leave } = await visit('?group=data')
    await page.getByText('Of it free').waitFor()
    expect(await page.getByText('--replace').count()).toBe(0)
    await page.route('**/v2/system', async (route) => {
      const answer = await route.fetch()
      const system = z.looseObject({ database: z.looseObject({}) }).parse(await answer.json())
      const json = { ...system, database: { ...system.database, freeBytes: 60_000_000 } }
      await route.fulfill({ response: answer, json })
    })
    await page.reload()
    await page.getByText('60 MB').waitFor()
    await page.getByText('aqueduct restore FILE --replace').waitFor()
    expect(await findViolations(page)).toEqual([])
    await leave()
  })

  it('rotates the data key, and shows diagnostics as they are copied', async () => {
    const { page, leave } = await visit('?group=encryption')
    await page.getByText('from MASTER_KEY').waitFor()
    const before = await page.locator('.facts code').textContent()
    await page.getByRole('button', { name: 'Rotate the data key' }).click()
    await page.getByRole('button', { name: 'Yes, rotate' }).click()
    await page.getByText('The key is rotated').waitFor()
    await page.getByText('Everything is sealed with the key in use.').waitFor()
    expect(await page.locator('.facts code').textContent()).not.toBe(before)
    await page.getByRole('button', { name: 'About' }).click()
    const bundle = page.getByRole('region', { name: 'Diagnostics, as they would be copied' })
    const told: unknown = JSON.parse((await bundle.textContent()) ?? '')
    expect(told).toMatchObject({
      gateway: { version: '0.0.0-test' },
      settings: { MAX_SESSIONS: { value: '55' } },
    })
    expect(JSON.stringify(told)).not.toContain(MASTER_KEY)
    await leave()
  })
})

describeInBrowser('the access settings', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: password, MASTER_KEY } })
  })
  afterAll(() => gateway.close())

  async function signIn() {
    const visit = await lab().visit({ url: gateway.url, path: '/console/settings', expected: [UNKNOWN] })
    await visit.page.getByLabel('Operator password').fill(password)
    await visit.page.keyboard.press('Enter')
    await visit.page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    return visit
  }

  it('list who is signed in, and end another session', async () => {
    const other = await gateway.postJson('/v2/session', { password })
    const cookie = other.headers.get('set-cookie')?.split(';')[0] ?? ''
    const isIn = async () => (await gateway.fetch('/v2/session', { headers: { cookie } })).status
    expect(await isIn()).toBe(200)
    const { page, leave } = await signIn()
    const table = page.getByRole('table', { name: 'Who is signed in' })
    await table.getByText('this one').waitFor()
    await table.getByRole('button', { name: /^End it: the session/ }).click()
    await page.getByText('The session is ended.').waitFor()
    expect(await isIn()).toBe(401)
    await leave()
  })

  it('make a token, show it once, and take it back', async () => {
    const { page, leave } = await signIn()
    await page.getByLabel('Name', { exact: true }).fill('backup')
    await page.getByRole('button', { name: 'Create a token' }).click()
    await page.getByText('This is the only time that the token is shown').waitFor()
    const token = (await page.locator('.new-key-once code').textContent()) ?? ''
    const isIn = async () =>
      (await gateway.fetch('/v2/settings', { headers: { authorization: `Bearer ${token}` } })).status
    expect(await isIn()).toBe(200)
    await page.getByRole('button', { name: 'I stored it' }).click()
    expect(await page.content()).not.toContain(token)
    await page.getByRole('button', { name: 'Remove the token b•••••' }).waitFor()
    expect(await page.locator('.review-table').last().innerHTML()).not.toContain('backup')
    await page.keyboard.press('Shift+P')
    await page.getByRole('button', { name: 'Remove the token backup' }).click()
    await page.getByRole('button', { name: 'Yes, remove it' }).click()
    await page.getByText('The token is removed.').waitFor()
    expect(await isIn()).toBe(401)
    await leave()
  })
})
