/** The console in a real browser, built as for a release, before a whole gateway. */
import { createRequire } from 'node:module'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { findChromium } from './find-chromium.ts'
import { watchPage, type Watch } from './watch-page.ts'

/** Of all that Chromium does by itself, nothing. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const STORED_AS = 'aqueduct.preferences'

export interface VisitWishes {
  /** Of the gateway. */
  url: string
  /** Where the page begins. */
  path?: string
  language?: 'en' | 'zh-CN'
  theme?: 'light' | 'dark'
  width?: number
  /** What this browser remembers from before. */
  preferences?: Readonly<Record<string, unknown>>
  /** To be run in each page before anything else. */
  script?: string
  /** Answers that are no success and meant to be none, like `401 /v2/session`. */
  expected?: readonly (string | RegExp)[]
  /** Before the page is asked for. */
  prepare?: ((page: Page) => Promise<unknown>) | undefined
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** What the page asked for, and whatever went wrong in it. */
  watch: Watch
  /** Leaves, and throws when anything went wrong meanwhile. */
  leave: () => Promise<void>
}

export interface BrowserLab {
  visit: (wishes: VisitWishes) => Promise<Visit>
  close(): Promise<void>
}

export async function startBrowserLab(): Promise<BrowserLab> {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    throw new Error('AQUEDUCT_REQUIRE_BROWSER=1, and there is no Chromium here.')
  }
  await buildConsole()
  // With a folder of its own, which goes with it.
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS })
  return {
    async visit({ url, path = '/', language = 'en', theme = 'light', width = 1440, ...wishes }) {
      const context = await browser.newContext({
        viewport: { width, height: width < 640 ? 844 : 1000 },
        colorScheme: theme,
        locale: language === 'en' ? 'en-US' : language,
        reducedMotion: 'reduce',
        isMobile: width < 640,
        hasTouch: width < 640,
      })
      if (wishes.preferences !== undefined) await context.addInitScript(remember(wishes.preferences))
      if (wishes.script !== undefined) await context.addInitScript({ content: wishes.script })
      const page = await context.newPage()
      const watch = await watchPage(page, { origin: url, expected: wishes.expected ?? [] })
      await wishes.prepare?.(page)
      await page.goto(`${url}${path}`)
      return {
        page,
        context,
        watch,
        leave: async () => {
          await watch.settle()
          await context.close()
          watch.assertClean()
        },
      }
    },
    close: () => browser.close(),
  }
}

/** Only where the page has not stored others since. */
function remember(preferences: Readonly<Record<string, unknown>>): { content: string } {
  const stored = JSON.stringify(JSON.stringify(preferences))
  return {
    content: `localStorage.getItem('${STORED_AS}') ?? localStorage.setItem('${STORED_AS}', ${stored})`,
  }
}

interface Launcher {
  buildBundle(node: string): Promise<void>
}

/** As the launcher does before a start; what is there already is not built again. */
async function buildConsole(): Promise<void> {
  const launcher: Launcher = createRequire(import.meta.url)('../../bin/launcher/build.cjs')
  await launcher.buildBundle(process.execPath)
}
