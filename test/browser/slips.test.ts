import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { describeInBrowser } from './describe-in-browser.ts'

const password = 'correct horse battery'
const lists = z.object({ accounts: z.array(z.object({ label: z.string() })) })

describeInBrowser('a slip of the hand', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway({
      environment: { ADMIN_PASSWORD: password },
      labels: ['first', 'second'],
    })
  })
  afterAll(() => gateway.close())

  async function visit(path: string) {
    const visited = await lab().visit({
      url: gateway.url,
      path,
      preferences: { privacy: false },
      // What is asked for while one signs out may come too late.
      expected: ['401 /v2/session', '401 /v2/accounts/page'],
    })
    await visited.page.getByLabel('Operator password').fill(password)
    await visited.page.keyboard.press('Enter')
    await visited.page.getByRole('heading', { level: 1 }).waitFor()
    return visited
  }
  async function labels(): Promise<string[]> {
    const answer = await fetch(`${gateway.url}/v2/accounts`, {
      headers: { authorization: `Bearer ${password}` },
    })
    return lists.parse(await answer.json()).accounts.map(({ label }) => label)
  }

  it('does not cost a key that is shown once', async () => {
    const { page, leave } = await visit('/console/keys?new=1')
    await page.getByLabel('Name', { exact: true }).fill('mine')
    await page.getByRole('button', { name: 'Create the key' }).click()
    const copy = page.getByRole('button', { name: 'Copy the key' })
    await copy.focus()
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await copy.isVisible()).toBe(true)
    await leave()
  })

  it('can be undone on another page too', async () => {
    const { page, leave } = await visit('/console/accounts')
    await remove(page, 'first')
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Accounts' }).first().click()
    await page.getByRole('link', { name: 'first' }).waitFor()
    expect(await labels()).toContain('first')
    await leave()
  })

  it('is what the gateway is told before one signs out', async () => {
    const { page, leave } = await visit('/console/accounts')
    await remove(page, 'second')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Operator password').waitFor()
    expect(await labels()).not.toContain('second')
    await leave()
  })

  it('shows no name that is masked by now', async () => {
    const { page, leave } = await visit('/console/accounts')
    await page.getByRole('checkbox', { name: 'Select first' }).click()
    await page.getByRole('button', { name: 'Enable', exact: true }).click()
    const rows = page.getByRole('dialog').locator('li')
    await rows.getByText('first').waitFor()
    await page.keyboard.press('Shift+P')
    await rows.getByText('f•••••').waitFor()
    expect(await rows.getByText('first').count()).toBe(0)
    await leave()
  })

  it('is told when signing out fails', async () => {
    const { page, leave } = await visit('/console/keys')
    const leaving = page.getByRole('button', { name: 'Sign out' })
    // Before that the page still asks who it is.
    await leaving.waitFor()
    await page.route('**/v2/session', (route) => route.abort())
    await leaving.click()
    const told = page.getByText('The gateway does not answer')
    await told.waitFor()
    expect(await told.count()).toBe(1)
    await leave()
  })

  it('leaves the focus where it was when a command is chosen', async () => {
    const { page, leave } = await visit('/console/keys')
    const button = page.getByRole('button', { name: 'Create a key' }).first()
    await button.focus()
    await page.keyboard.press('Control+k')
    const search = page.getByRole('combobox', { name: 'Type a command or a page' })
    await search.fill('theme')
    // As a person confirms what an input method offers.
    await search.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    expect(await search.isVisible()).toBe(true)
    await page.keyboard.press('Enter')
    await search.waitFor({ state: 'detached' })
    expect(await button.evaluate((element) => element.matches(':focus'))).toBe(true)
    await leave()
  })
})

async function remove(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${label}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(label)
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.waitFor({ state: 'detached' })
}
