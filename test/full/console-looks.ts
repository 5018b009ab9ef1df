/**
 * That the looks of the console are judged as they should be: what is looked at again looks the same, and what is broken on
 * purpose looks otherwise, on a desk and on a phone. Run: node test/full/console-looks.ts
 */
import type { Page } from 'playwright-core'
import { startBrowserLab, type BrowserLab } from '../browser/browser-lab.ts'
import { startConsoleGateways } from '../browser/console-gateways.ts'
import { isDrawn, isQuiet } from '../browser/page-state.ts'
import { holdStill } from './lab/hold-still.ts'
import { compareLooks } from './lab/looks/compare-looks.ts'
import { takeLook } from './lab/looks/take-look.ts'

const places = [
  { name: 'overview', path: '/' },
  { name: 'accounts', path: '/console/accounts' },
  { name: 'keys', path: '/console/keys' },
  { name: 'requests', path: '/console/requests?range=1h' },
  { name: 'settings', path: '/console/settings' },
  { name: 'adding an account', path: '/console/accounts?add=1' },
] as const
const looks = [
  { theme: 'light', width: 1440 },
  { theme: 'dark', width: 390 },
] as const
type Look = (typeof looks)[number]

/** Each a slip that happens. */
const slips = [
  { name: 'the page is empty', css: 'main, dialog > * { display: none !important }' },
  {
    name: 'what is shown begins 40 pixels further down',
    css: 'main, dialog > * { translate: 0 40px !important }',
  },
  {
    name: 'the first part of it is gone',
    css: 'main > * > :first-child, dialog form > :first-child { visibility: hidden !important }',
  },
  {
    name: 'buttons that matter are red',
    css: '.button.primary { background: #c0262d !important }',
    only: '.button.primary',
  },
  { name: 'no style is loaded', css: '*, ::before, ::after { all: revert !important }' },
] as const

const world = holdStill()
const gateways = await startConsoleGateways(world)
world.stop()
const lab = await startBrowserLab()
const faults: string[] = []
let same = 0
let found = 0
try {
  const { url } = await gateways.enter('shown')
  for (const look of looks) for (const place of places) await judge({ lab, url, ...place, ...look })
} finally {
  await lab.close()
  await gateways.close()
}
process.stdout.write(
  [`${same} looks the same a second time, ${found} slips found: ${faults.length} faults`, ...faults, ''].join(
    '\n',
  ),
)
process.exitCode = faults.length === 0 && same > 0 && found > 0 ? 0 : 1

async function judge(wishes: Look & { lab: BrowserLab; url: string; name: string; path: string }) {
  const where = `${wishes.name}, ${wishes.theme}, ${wishes.width} px`
  const first = await arrive(wishes)
  const was = await takeLook(first.page)
  await first.leave()
  const again = await arrive(wishes)
  const difference = compareLooks(was, await takeLook(again.page))
  if (difference === undefined) same += 1
  else faults.push(`${where}: looks otherwise a second time: ${difference.told}`)
  for (const slip of slips) {
    if ('only' in slip && !(await again.page.locator(slip.only).first().isVisible())) continue
    const undo = await slipIn(again.page, slip.css)
    note(compareLooks(was, await takeLook(again.page)) !== undefined, `${where}: is not found: ${slip.name}`)
    await undo()
  }
  await again.page.emulateMedia({ colorScheme: wishes.theme === 'light' ? 'dark' : 'light' })
  await isDrawn(again.page)
  note(compareLooks(was, await takeLook(again.page)) !== undefined, `${where}: is not found: the other theme`)
  await again.leave()
}

function note(isFound: boolean, fault: string): void {
  if (isFound) found += 1
  else faults.push(fault)
}

async function arrive({ lab: browsers, ...wishes }: Look & { lab: BrowserLab; url: string; path: string }) {
  const visit = await browsers.visit({ ...wishes, script: world.pageScript() })
  await isQuiet(visit.page)
  return visit
}

/** As a style sheet of the page's own, which its policy allows. */
async function slipIn(page: Page, css: string): Promise<() => Promise<void>> {
  await page.evaluate(`{
    window.slip = new CSSStyleSheet()
    window.slip.replaceSync(${JSON.stringify(css)})
    document.adoptedStyleSheets.push(window.slip)
  }`)
  await isDrawn(page)
  return async () => {
    await page.evaluate(
      'document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== window.slip)',
    )
    await isDrawn(page)
  }
}
