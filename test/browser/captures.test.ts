import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { describeInBrowser } from './describe-in-browser.ts'

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
})
