import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { listPages, listPlaces } from './console-pages.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { axeScript, findViolations } from './find-violations.ts'
import { hostileLabels } from './hostile-labels.ts'
import { isQuiet, overflowOf } from './page-state.ts'

const password = 'correct horse battery'

describeInBrowser('the pages of the console', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway()
  })
  afterAll(() => gateway.close())

  // All combinations are looked at in test/full/console.ts.
  const looks = [
    { theme: 'light', language: 'en', width: 1440 },
    { theme: 'dark', language: 'zh-CN', width: 390 },
  ] as const
  const combinations = listPlaces().flatMap((place) => looks.map((look) => ({ ...place, ...look })))

  it.each(combinations)('$name can be used by everybody: $theme, $language, $width px', async (place) => {
    const { page, leave } = await lab().visit({ url: gateway.url, script: axeScript, ...place })
    await isQuiet(page)
    expect(await findViolations(page)).toEqual([])
    await leave()
  })

  it.each(listPlaces())('$name needs no scrolling sideways at 320 px', async ({ path }) => {
    const { page, leave } = await lab().visit({ url: gateway.url, path, width: 320 })
    await isQuiet(page)
    expect(await overflowOf(page)).toEqual([])
    await leave()
  })
})

describeInBrowser('the door', (lab) => {
  it.each(['light', 'dark'] as const)('can be used by everybody: %s', async (theme) => {
    const gateway = await startBusyGateway({ environment: { ADMIN_PASSWORD: password }, labels: [] })
    const { page, leave } = await lab().visit({
      url: gateway.url,
      script: axeScript,
      theme,
      expected: ['401 /v2/session'],
    })
    await page.getByLabel('Operator password').waitFor()
    expect(await findViolations(page)).toEqual([])
    await leave()
    await gateway.close()
  })
})

describeInBrowser('names that are meant to harm', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway({ labels: hostileLabels })
  })
  afterAll(() => gateway.close())

  const combinations = listPages().flatMap((place) => [1440, 320].map((width) => ({ ...place, width })))
  it.each(combinations)('run nothing and break nothing: $name at $width px', async ({ path, width }) => {
    const { page, leave } = await lab().visit({
      url: gateway.url,
      path,
      width,
      preferences: { privacy: false },
    })
    await isQuiet(page)
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(await overflowOf(page)).toEqual([])
    expect(page.url()).toBe(`${gateway.url}${path}`)
    await leave()
  })
})
