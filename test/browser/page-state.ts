import type { Page } from 'playwright-core'

/** Resolves when the page shows what it has to show: nothing is loading any more. */
export async function isQuiet(page: Page): Promise<void> {
  await page.getByRole('heading').first().waitFor()
  await page
    .locator('.skeleton, .in-turn, .chart-plot[aria-busy="true"]')
    .first()
    .waitFor({ state: 'detached' })
  await isDrawn(page)
}

/** Resolves when what has come is drawn. */
export async function isDrawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
}

const STILL_MS = 600

/** Resolves when nothing has changed for a while on a page that is not to come to its end. */
export async function isStill(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    let timer
    const watch = new MutationObserver(wait)
    function wait() {
      clearTimeout(timer)
      timer = setTimeout(() => { watch.disconnect(); resolve() }, ${STILL_MS})
    }
    watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
    wait()
  })`)
  await isDrawn(page)
}

/** Empty, or what is wider than the window. */
export async function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`{
    const { scrollWidth, clientWidth } = document.documentElement
    const isWider = (element) => element.getBoundingClientRect().right > clientWidth + 1
    scrollWidth <= clientWidth
      ? []
      : [scrollWidth + ' px', ...[...document.querySelectorAll('body *')].filter(isWider).slice(-3).map((each) => each.className || each.tagName)].map(String)
  }`)
}
