import { afterAll, beforeAll, describe } from 'vitest'
import { startBrowserLab, type BrowserLab } from './browser-lab.ts'
import { findChromium } from './find-chromium.ts'

const MISSING = 'skipped: there is no Chromium; install it, or name it in CHROMIUM_PATH'

/**
 * Proofs in a real browser, one for all of them together. Without one they are skipped, unless AQUEDUCT_REQUIRE_BROWSER=1
 * says that it has to be there: then they fail.
 */
export function describeInBrowser(subject: string, prove: (lab: () => BrowserLab) => void): void {
  const isRequired = process.env['AQUEDUCT_REQUIRE_BROWSER'] === '1'
  const isSkipped = findChromium() === undefined && !isRequired
  const note = isSkipped ? ` (${MISSING})` : ''
  describe.skipIf(isSkipped)(`${subject}${note}`, { timeout: 60_000 }, () => {
    let lab: BrowserLab | undefined
    beforeAll(async () => {
      lab = await startBrowserLab()
    }, 120_000)
    afterAll(() => lab?.close())
    prove(() => {
      if (lab === undefined) throw new Error('The browser has not been started yet.')
      return lab
    })
  })
}
