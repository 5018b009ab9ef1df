/** When a page stands, and whether it stands still: as the browser itself tells it. */
import type { Page } from 'playwright-core'
import { z } from 'zod'

/** For the visit: collects from the first paint on. */
export const paintScript = `
  window.paints = { largestMs: 0, shift: 0 }
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) window.paints.largestMs = startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.paints.shift += value
  }).observe({ type: 'layout-shift', buffered: true })
`

const paints = z.object({
  /** From when the page was asked for until its largest part stood. */
  largestMs: z.number(),
  /** How far and how much of it moved by itself: Cumulative Layout Shift. */
  shift: z.number(),
})
export type Paints = z.infer<typeof paints>

export async function readPaints(page: Page): Promise<Paints> {
  return paints.parse(await page.evaluate('window.paints'))
}

/** As the tools that judge pages for phones have agreed upon: "slow 4G". */
const SLOW_4G = { latency: 150, downloadThroughput: (1638.4 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 }
export const PHONE_SLOWNESS = 4

/** From now on the page is on a phone with a bad connection. */
export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', { offline: false, ...SLOW_4G })
  await session.send('Emulation.setCPUThrottlingRate', { rate: PHONE_SLOWNESS })
}
