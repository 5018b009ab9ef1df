/** One tab of a gateway with hostile names: how places are gone to in it, and what was found there. */
import type { Page } from 'playwright-core'
import type { BrowserLab } from '../../../browser/browser-lab.ts'
import { isDrawn, isQuiet } from '../../../browser/page-state.ts'
import type { NamedGateway } from './named-gateway.ts'

const DESK = 1440
const PHONE = 390
const NARROWEST = 320
/** So high that each of a batch is in sight, and so in the page. */
const looks = [
  { width: DESK, height: 3500 },
  { width: PHONE, height: 9000 },
  { width: NARROWEST, height: 9000 },
] as const
type Size = (typeof looks)[number]

export interface Looked {
  looks: number
  faults: string[]
}

interface TabWishes {
  lab: BrowserLab
  named: NamedGateway
  /** Of fingers, and with their pages, or of a mouse. */
  isPhone: boolean
  prepare?: (page: Page) => Promise<unknown>
  expected?: readonly (string | RegExp)[]
}

interface Tab {
  page: Page
  /** What is seen there now, in each width. */
  look: (place: string, find: () => Promise<string[]>) => Promise<void>
  /** The same in the narrowest window alone. */
  lookNarrowly: (place: string, find: () => Promise<string[]>) => Promise<void>
}

export async function inTab(
  { lab, named, isPhone, prepare, expected = [] }: TabWishes,
  visitPlaces: (tab: Tab) => Promise<void>,
): Promise<Looked> {
  const looked: Looked = { looks: 0, faults: [] }
  const { page, context, leave } = await lab.visit({
    url: named.gateway.url,
    path: '/console/nothing',
    width: isPhone ? PHONE : DESK,
    preferences: { privacy: false },
    prepare,
    expected,
  })
  async function lookIn(sizes: readonly Size[], place: string, find: () => Promise<string[]>): Promise<void> {
    for (const size of sizes) {
      if (page.viewportSize()?.width !== size.width) {
        await page.setViewportSize(size)
        await isDrawn(page)
      }
      looked.looks += 1
      looked.faults.push(...(await find()).map((fault) => `${place}, ${size.width} px: ${fault}`))
    }
  }
  const narrowest = looks.filter(({ width }) => width === NARROWEST)
  try {
    await visitPlaces({
      page,
      look: (place, find) => lookIn(looks, place, find),
      lookNarrowly: (place, find) => lookIn(narrowest, place, find),
    })
    await leave()
  } catch (error) {
    looked.faults.push(`${page.url()}: ${String(error)}`)
    await context.close()
  }
  return looked
}

export async function show(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await isQuiet(page)
}

/** As a link of the console leads there. */
export async function go(page: Page, address: string): Promise<void> {
  await page.evaluate(`{
    history.pushState(null, '', ${JSON.stringify(address)})
    dispatchEvent(new PopStateEvent('popstate'))
  }`)
  await isQuiet(page)
}
