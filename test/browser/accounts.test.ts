import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { describeInBrowser } from './describe-in-browser.ts'

describeInBrowser('the page of the accounts', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway()
  })
  afterAll(() => gateway.close())

  async function open() {
    const visit = await lab().visit({
      url: gateway.url,
      path: '/console/accounts?sort=label',
      preferences: { privacy: false },
    })
    await visit.page.getByRole('row', { name: 'person-0@' }).waitFor()
    return visit
  }

  it('has columns as wide as one draws them or sets them by keys, and remembers that', async () => {
    const { page, leave } = await open()
    const head = (name: string) => page.getByRole('columnheader', { name })
    const widthOf = async (name: string) => Math.round((await head(name).boundingBox())?.width ?? 0)
    const handle = page.getByRole('separator', { name: 'Width of State' })
    const atFirst = await widthOf('State')
    const box = await handle.boundingBox()
    if (box === null) throw new Error('There is no handle.')
    await page.mouse.move(box.x + 5, box.y + 5)
    await page.mouse.down()
    await page.mouse.move(box.x + 65, box.y + 5, { steps: 3 })
    await page.mouse.up()
    expect(await widthOf('State')).toBe(atFirst + 60)
    await page.getByRole('separator', { name: 'Width of Quota' }).focus()
    const quotaAtFirst = await widthOf('Quota')
    for (const key of ['ArrowLeft', 'Shift+ArrowLeft']) await page.keyboard.press(key)
    expect(await widthOf('Quota')).toBe(quotaAtFirst - 48)
    // To draw is not to sort.
    expect(page.url()).toContain('sort=label')

    await page.reload()
    await page.getByRole('row', { name: 'person-0@' }).waitFor()
    expect(await widthOf('State')).toBe(atFirst + 60)
    expect(await widthOf('Quota')).toBe(quotaAtFirst - 48)
    await handle.dblclick()
    expect(await widthOf('State')).toBe(atFirst)
    await leave()
  })

  it('has one menu for all rows, which opens at whichever is pressed, by keys too', async () => {
    const { page, leave } = await open()
    const button = (name: string) => page.getByRole('button', { name: `Actions for ${name}@example.com` })
    const menu = (name: string) => page.getByRole('menu', { name: `Actions for ${name}@example.com` })
    await button('person-4').click()
    await menu('person-4').getByRole('menuitem', { name: 'Disable' }).waitFor()
    // An account that is off offers other things; the menu of one covers those below.
    await button('person-3').click()
    await menu('person-3').getByRole('menuitem', { name: 'Enable' }).waitFor()
    expect(await page.locator('.menu:popover-open').count()).toBe(1)
    const [above, below] = [await button('person-3').boundingBox(), await menu('person-3').boundingBox()]
    expect(below?.y).toBeCloseTo((above?.y ?? 0) + (above?.height ?? 0) + 4, 0)
    await button('person-3').click()
    await menu('person-3').waitFor({ state: 'hidden' })
    await button('person-3').click()
    await page.keyboard.press('Escape')
    expect(await page.locator('.menu:popover-open').count()).toBe(0)
    await button('person-1').focus()
    await page.keyboard.press('Enter')
    await menu('person-1').getByRole('menuitem', { name: 'Details' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await button('person-1').and(page.locator(':focus')).count()).toBe(1)
    await leave()
  })

  it('lets accounts rest for a while, one or several, and ends that', async () => {
    const { page, leave } = await open()
    const row = (name: string) => page.getByRole('row', { name: `${name}@` })
    await page.getByRole('button', { name: 'Actions for person-0@example.com' }).click()
    await page.getByRole('menuitem', { name: 'Pause for 15 minutes' }).click()
    await row('person-0').getByText('Paused', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await row('person-0').getByText('Paused', { exact: true }).waitFor({ state: 'detached' })

    for (const name of ['person-0', 'person-1', 'person-3']) await row(name).getByRole('checkbox').check()
    const bar = page.getByRole('region', { name: '3 selected' })
    await bar.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Pause for 1 hour' }).click()
    // What is off stays as it is.
    await page.getByRole('dialog', { name: 'Pausing accounts' }).getByText('2 of 2; 0 failed').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
    for (const name of ['person-0', 'person-1']) {
      await row(name).getByText('Paused', { exact: true }).waitFor()
    }
    await page.getByRole('button', { name: /^Paused 2$/ }).click()
    expect(await page.locator('tbody tr:not(.spacer)').count()).toBe(2)
    await row('person-1').locator('.state-button').click()
    await page.getByRole('button', { name: 'End the pause' }).click()
    await row('person-1').waitFor({ state: 'detached' })
    await leave()
  })
})
