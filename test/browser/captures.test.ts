import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { describeInBrowser } from './describe-in-browser.ts'

const made = z.object({ key: z.string() })
const kept = z.object({ kept: z.object({ callIds: z.array(z.string()) }) })

describeInBrowser('what is recorded of requests', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway()
  })
  afterAll(() => gateway.close())

  it('is told on every page, from within a second until it ends', async () => {
    const { page, leave } = await lab().visit({ url: gateway.url, path: '/console/keys' })
    const banner = page.getByRole('status').filter({ hasText: 'is being recorded' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await banner.count()).toBe(0)
    const path = `${gateway.url}/v2/captures/rules/all`
    await (await fetch(path, { method: 'PUT' })).text()
    await banner.waitFor()
    expect(await banner.textContent()).toContain('15 more minutes')
    const link = banner.getByRole('link', { name: 'See or stop' })
    expect(await link.getAttribute('href')).toBe('/console/requests?capture=1')
    await page.getByRole('link', { name: 'Events' }).click()
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
    await page.getByText('Recording of bodies switched on').filter({ visible: true }).first().waitFor()
    expect(await banner.isVisible()).toBe(true)
    await (await fetch(path, { method: 'DELETE' })).text()
    await banner.waitFor({ state: 'detached' })
    await leave()
  })

  it('is switched on by hand, shown beside its request, and asked again', async () => {
    const { page, leave } = await lab().visit({ url: gateway.url, path: '/console/requests' })
    await page.getByRole('button', { name: 'Record bodies' }).click()
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByText('Recording is on.').filter({ visible: true }).first().waitFor()
    await page.keyboard.press('Escape')

    const body = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'Say heron.' }] }
    const { key } = made.parse(await (await gateway.postJson('/v2/keys', { name: 'heron' })).json())
    let id: string | undefined
    // A rule holds within a second of being made, and bodies are written a moment after their call.
    while (id === undefined) {
      await (await gateway.postJson('/v1/chat/completions', body, { 'x-api-key': key })).text()
      id = kept.parse(await (await gateway.fetch('/v2/captures')).json()).kept.callIds[0]
    }
    while (!(await gateway.fetch(`/v2/calls/${id}`)).ok) await page.waitForTimeout(50)
    await page.goto(`${gateway.url}/console/requests?request=${id}`)
    await page.getByRole('dialog').getByRole('button', { name: 'Show what was said' }).click()
    await page.getByRole('dialog').getByText('Say heron.').first().waitFor()
    await page.getByRole('link', { name: 'Replay in the playground' }).click()
    await page.getByText(`This is the request ${id}`).waitFor()
    await page.getByRole('button', { name: 'Send as it is written here' }).click()
    const answer = page.getByText('You said: Say heron.').first()
    await answer.waitFor()
    expect(await answer.isVisible()).toBe(true)
    await (await fetch(`${gateway.url}/v2/captures/rules/all`, { method: 'DELETE' })).text()
    await leave()
  })

  it('is not deleted by a click that comes twice', async () => {
    const all = `${gateway.url}/v2/captures/rules/all`
    await (await fetch(all, { method: 'PUT' })).text()
    const body = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'Say heron.' }] }
    const { key } = made.parse(await (await gateway.postJson('/v2/keys', { name: 'egret' })).json())
    const countKept = async () =>
      kept.parse(await (await gateway.fetch('/v2/captures')).json()).kept.callIds.length
    while ((await countKept()) === 0) {
      await (await gateway.postJson('/v1/chat/completions', body, { 'x-api-key': key })).text()
    }
    await (await fetch(all, { method: 'DELETE' })).text()
    const { page, leave } = await lab().visit({ url: gateway.url, path: '/console/requests?capture=1' })
    await page.getByRole('button', { name: 'Delete all of it' }).dblclick()
    await page.getByRole('button', { name: 'Delete all of it' }).waitFor()
    expect(await countKept()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Delete all of it' }).click()
    expect(
      await page.getByRole('button', { name: 'Keep it' }).evaluate((each) => each.matches(':focus')),
    ).toBe(true)
    const purging = Promise.withResolvers<void>()
    await page.route('**/v2/captures', async (route) => {
      await purging.promise
      await route.continue()
    })
    await page.getByRole('button', { name: /^Really delete/ }).click()
    const keeping = page.getByRole('button', { name: 'Keep it', disabled: true })
    await keeping.click({ force: true })
    await keeping.waitFor()
    purging.resolve()
    await page.getByText('What was recorded is deleted.').filter({ visible: true }).first().waitFor()
    await page.locator('.kept-bodies h3:focus').waitFor()
    expect(await countKept()).toBe(0)
    await leave()
  })
})
