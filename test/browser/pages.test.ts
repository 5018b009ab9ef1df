import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { isLabel, listHostileNames } from '../full/hostile/hostile-names.ts'
import { createRandom } from '../full/hostile/random.ts'
import { failWithNames } from '../full/lab/names/feed-names.ts'
import type { Visit } from './browser-lab.ts'
import { startBusyGateway } from './busy-gateway.ts'
import { listPages, listPlaces } from './console-pages.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { axeScript, findViolations } from './find-violations.ts'
import { isQuiet, overflowOf } from './page-state.ts'
import { inPseudo, PSEUDO_LETTER } from './pseudo-language.ts'
import { findTextFaults } from './text-faults.ts'
import { createTabs, type Tabs } from './tabs.ts'

const password = 'correct horse battery'
const SEED = 20_261_123

describeInBrowser('the pages of the console', (lab) => {
  let gateway: GatewayUnderTest
  let tabs: Tabs
  beforeAll(async () => {
    gateway = await startBusyGateway()
    tabs = createTabs(lab())
  })
  afterAll(async () => {
    await tabs.close()
    await gateway.close()
  })

  // One look each; all of them are taken in test/full/console.ts.
  const looks = [
    { theme: 'light', language: 'en', width: 1440 },
    { theme: 'dark', language: 'zh-CN', width: 390 },
  ] as const
  const combinations = listPlaces().flatMap((place, index) => {
    const look = looks[index % looks.length]
    return look === undefined ? [] : [{ ...place, ...look }]
  })

  it.each(combinations)('$name can be used by everybody: $theme, $language, $width px', async (place) => {
    const { path, theme, language, width } = place
    const page = await tabs.show({ url: gateway.url, script: axeScript, path, theme, language, width })
    await isQuiet(page)
    expect(await findViolations(page)).toEqual([])
    expect(await overflowOf(page)).toEqual([])
    await tabs.check()
  })
})

describeInBrowser('in a language of long words that nobody speaks', (lab) => {
  let gateway: GatewayUnderTest
  let visit: Visit
  beforeAll(async () => {
    gateway = await startBusyGateway()
    visit = await lab().visit({ url: gateway.url, path: '/console/nothing', width: 390, ...inPseudo() })
  })
  afterAll(async () => {
    await visit.leave()
    await gateway.close()
  })

  it.each(listPages())(
    '$name has room for every text, and none that no translator could reach',
    async (place) => {
      const { page, watch } = visit
      await page.goto(`${gateway.url}${place.path}`)
      await isQuiet(page)
      // They would not be there if the language were not spoken.
      expect(await page.locator('h1').first().innerText()).toMatch(new RegExp(PSEUDO_LETTER))
      expect(await overflowOf(page)).toEqual([])
      expect(await findTextFaults(page, watch)).toEqual([])
    },
  )
})

describeInBrowser('a failure whose reason is one long word', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway()
  })
  afterAll(() => gateway.close())

  it.each(['/', '/console/requests', '/console/settings'])('stays in the window of %s', async (path) => {
    const { page, leave } = await lab().visit({
      url: gateway.url,
      path,
      width: 320,
      prepare: failWithNames(['x'.repeat(300)]),
      expected: [/^500 \/v2\//],
    })
    await isQuiet(page)
    await page.getByRole('alert').first().waitFor()
    expect(await overflowOf(page)).toEqual([])
    await leave()
  })
})

describeInBrowser('the narrowest window', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway()
    await fetch(`${gateway.url}/v2/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'k' }),
    })
  })
  afterAll(() => gateway.close())

  it.each(['/console/accounts', '/console/keys'])('has the menu of a row within reach: %s', async (path) => {
    const { page, leave } = await lab().visit({ url: gateway.url, path, width: 320 })
    await isQuiet(page)
    await page.locator('main :is(tbody, .account-cards) [aria-haspopup=menu]').first().click()
    const menu = page.locator('.menu:popover-open')
    await menu.waitFor()
    expect(await menu.getByRole('menuitem').count()).toBeGreaterThan(0)
    await leave()
  })
})

describeInBrowser('the door', (lab) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startBusyGateway({ environment: { ADMIN_PASSWORD: password }, labels: [] })
  })
  afterAll(() => gateway.close())

  it.each(['light', 'dark'] as const)('can be used by everybody: %s', async (theme) => {
    const { page, leave } = await lab().visit({
      url: gateway.url,
      script: axeScript,
      theme,
      width: 320,
      expected: ['401 /v2/session'],
    })
    await page.getByLabel('Operator password').waitFor()
    expect(await findViolations(page)).toEqual([])
    expect(await overflowOf(page)).toEqual([])
    await leave()
  })
})

describeInBrowser('names that are meant to harm', (lab) => {
  // As many as a page has at once; all of them are in test/full/hostile-names.ts.
  const labels = listHostileNames(createRandom(SEED), 64).filter((name) => isLabel(name) && name !== '')
  let gateway: GatewayUnderTest
  let tabs: Tabs
  beforeAll(async () => {
    gateway = await startBusyGateway({ labels })
    tabs = createTabs(lab())
  })
  afterAll(async () => {
    await tabs.close()
    await gateway.close()
  })

  const combinations = [
    ...listPlaces().map((place) => ({ ...place, width: 320 })),
    ...listPages().map((place) => ({ ...place, width: 1440 })),
  ]
  it.each(combinations)('S39: run nothing and break nothing: $name at $width px', async ({ path, width }) => {
    const page = await tabs.show({ url: gateway.url, path, width, preferences: { privacy: false } })
    await isQuiet(page)
    // They are there to do harm, where names are listed.
    const listed = /accounts$|keys$/.test(path) ? '%3Cscript%3E' : ''
    expect(await page.locator('main').innerText()).toContain(listed)
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(await overflowOf(page)).toEqual([])
    expect(page.url()).toBe(`${gateway.url}${path}`)
    await tabs.check()
  })
})
