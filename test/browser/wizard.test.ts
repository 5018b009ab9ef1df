import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { MASTER_KEY } from './watch-page.ts'

describeInBrowser('adding an account', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false, environment: { MASTER_KEY } })
    gateway.simulator.change({ approvalPage: true })
  })
  afterAll(() => gateway.close())

  async function open(width = 1440) {
    const visit = await lab().visit({
      url: gateway.url,
      path: '/console/accounts?add=1',
      width,
      preferences: { privacy: false, language: 'en' },
    })
    const { page } = visit
    await page.getByRole('dialog', { name: 'Add an account' }).waitFor()
    return { ...visit, dialog: page.getByRole('dialog', { name: 'Add an account' }) }
  }
  type Opened = Awaited<ReturnType<typeof open>>

  async function getCode({ dialog }: Opened): Promise<string> {
    await dialog.getByRole('button', { name: 'Get a code' }).click()
    const code = dialog.getByRole('status').filter({ hasText: /^[A-Z]{4}-[A-Z]{4}$/ })
    await code.waitFor()
    return code.innerText()
  }
  const signInsOf = async () => gateway.simulator.deviceLogins()

  it('takes a code, its approval on the page that the link leads to, and a first answer', async () => {
    const opened = await open()
    const { dialog, context, leave } = opened
    await dialog.getByLabel('Name in this console').fill('mine')
    await dialog.getByText('Tags and proxy').click()
    await dialog.getByLabel('Tags').fill('blue, green')
    const code = await getCode(opened)
    expect((await signInsOf()).map(({ userCode }) => userCode)).toContain(code)
    await dialog.getByText('Never approve one that somebody sent you').waitFor()
    await dialog.getByRole('img', { name: 'QR code of the sign-in page' }).waitFor()
    const link = dialog.getByRole('link', { name: 'Open AWS sign-in' })
    expect(await link.getAttribute('rel')).toContain('noopener')
    await dialog.getByText(`You should land on ${new URL(gateway.simulator.url).host}`).waitFor()
    const [approval] = await Promise.all([context.waitForEvent('page'), link.click()])
    await approval.getByRole('button', { name: 'Approve' }).click()
    await dialog.getByRole('heading', { name: 'mine is ready' }).waitFor()
    await dialog.getByText(/of .* left/).waitFor()
    await expect
      .poll(() => dialog.getByRole('listitem').filter({ hasText: 'Quota readdone' }).count())
      .toBe(1)
    await dialog.getByRole('button', { name: 'Send hello' }).click()
    await dialog.getByText(/^Answered in/).waitFor()
    await dialog.getByRole('button', { name: 'Add another' }).click()
    expect(await dialog.getByLabel('Name in this console').inputValue()).toBe('mine')
    await leave()
    expect(await accountsOf()).toMatchObject([{ label: 'mine', tags: ['blue', 'green'] }])
  })

  it('says when the person was here already, and makes no second account', async () => {
    const [known] = gateway.simulator.accounts()
    // The second in which that account was made is over by then: times are told in whole seconds.
    await expect.poll(() => isOlderThanASecond(), { timeout: 3000 }).toBe(true)
    const opened = await open()
    const code = await getCode(opened)
    expect(gateway.simulator.approve(code, known?.id)).toBe(true)
    await opened.dialog.getByText('This person was here already, as mine').waitFor()
    await opened.leave()
    expect(await accountsOf()).toHaveLength(1)
  })

  it('says that it was denied, and begins anew with the same settings', async () => {
    const opened = await open()
    const { dialog, leave } = opened
    await dialog.getByLabel('Name in this console').fill('denied first')
    expect(gateway.simulator.deny(await getCode(opened))).toBe(true)
    await dialog.getByRole('heading', { name: 'The sign-in was denied' }).waitFor()
    await dialog.getByRole('button', { name: 'Change the settings' }).click()
    expect(await dialog.getByLabel('Name in this console').inputValue()).toBe('denied first')
    await leave()
  })

  it('says that a code has expired, and gives a new one', async () => {
    gateway.simulator.change({ deviceCodeLifeSeconds: 2 })
    const opened = await open()
    const { dialog, leave } = opened
    const first = await getCode(opened)
    await dialog.getByRole('heading', { name: 'The code has expired' }).waitFor()
    gateway.simulator.change({ deviceCodeLifeSeconds: 600 })
    await dialog.getByRole('button', { name: 'New code' }).click()
    const code = dialog.getByRole('status').filter({ hasText: /^[A-Z]{4}-[A-Z]{4}$/ })
    await code.waitFor()
    expect(await code.innerText()).not.toBe(first)
    await dialog.getByRole('button', { name: 'Cancel the sign-in' }).click()
    await dialog.getByRole('heading', { name: 'The sign-in was cancelled' }).waitFor()
    await leave()
  })

  it('goes on with a sign-in whose window was closed', async () => {
    const first = await open()
    await first.dialog.getByLabel('Name in this console').fill('left alone')
    const code = await getCode(first)
    await first.page.keyboard.press('Escape')
    await first.dialog.waitFor({ state: 'detached' })
    await first.leave()
    const second = await open()
    await second.dialog.getByRole('heading', { name: 'Sign-ins that are still on their way' }).waitFor()
    await second.dialog.getByText('left alone').waitFor()
    await second.dialog.getByRole('button', { name: 'Go on' }).click()
    await second.dialog.getByText(code).waitFor()
    expect(gateway.simulator.approve(code)).toBe(true)
    await second.dialog.getByRole('heading', { name: 'left alone is ready' }).waitFor()
    await second.leave()
  })

  it('wants the start URL of an Identity Center before it asks anybody', async () => {
    const opened = await open()
    const { dialog, leave } = opened
    await dialog.getByLabel('IAM Identity Center').check()
    await dialog.getByRole('textbox', { name: 'Start URL' }).fill('https://awsapps.com.evil.example/start')
    await dialog.getByRole('button', { name: 'Get a code' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'AWS access portal' }).waitFor()
    await dialog.getByRole('textbox', { name: 'Start URL' }).fill('https://d-1234567890.awsapps.com/start')
    await dialog.getByRole('combobox', { name: 'Region' }).fill('eu-west-1')
    const code = await getCode(opened)
    const begun = (await signInsOf()).find(({ userCode }) => userCode === code)
    expect(begun?.startUrl).toBe('https://d-1234567890.awsapps.com/start')
    await dialog.getByRole('button', { name: 'Cancel the sign-in' }).click()
    await leave()
  })

  it('has no QR code on a phone, which is there already', async () => {
    const opened = await open(390)
    const { page, dialog, leave } = opened
    await getCode(opened)
    expect(await dialog.getByRole('img', { name: 'QR code of the sign-in page' }).count()).toBe(0)
    const link = await dialog.getByRole('link', { name: 'Open AWS sign-in' }).boundingBox()
    expect(link?.height).toBeGreaterThanOrEqual(44)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await dialog.getByRole('button', { name: 'Cancel the sign-in' }).click()
    await leave()
  })

  async function accountsOf(): Promise<unknown> {
    const { accounts } = JSON.parse(await (await gateway.fetch('/v2/accounts')).text())
    return accounts
  }
  async function isOlderThanASecond(): Promise<boolean> {
    const text = await (await gateway.fetch('/v2/accounts')).text()
    const createdAt = /"created_at":"([^"]+)"/.exec(text)?.[1] ?? ''
    return Date.now() - Date.parse(createdAt) > 1000
  }
})
