/** What a page looks like now. */
import type { Page } from 'playwright-core'
import type { Look } from './compare-looks.ts'
import { readPng } from './read-png.ts'
import { signatureOf } from './signature.ts'

export interface TakenLook extends Look {
  png: Buffer
  /** The browser and how wide its fonts are: what looks depend on that is not the console's. In one line. */
  drawnBy: string
}

export async function takeLook(page: Page): Promise<TakenLook> {
  await page.evaluate(showUnsteady('hidden'))
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' })
  const [length = 0, open = 0, ...widths] = await page.evaluate<number[]>(MEASURE)
  await page.evaluate(showUnsteady('visible'))
  const [version = ''] = (page.context().browser()?.version() ?? 'unknown').split('.')
  return {
    png,
    drawnBy: `Chromium ${version}, fonts ${widths.join(' ')}`,
    lengths: [length, open],
    signature: signatureOf(readPng(png)),
  }
}

/** What chance has drawn, large enough to be seen from afar, and what the machine is found to be like. */
const UNSTEADY = '.qr path, .user-code output, .check-value, .checks .badge'

const showUnsteady = (visibility: 'hidden' | 'visible') => `
  for (const { style } of document.querySelectorAll('${UNSTEADY}')) style.visibility = '${visibility}'
`

/** Letters of the languages of the console, digits, and signs that come from other fonts. */
const PROBE = 'Hamburgefonstiv 0123456789 账户请求设置概览 →·✓…—'
const FAMILIES = ['system-ui', 'sans-serif', 'ui-monospace', 'monospace']

const MEASURE = `{
  const context = document.createElement('canvas').getContext('2d')
  const widthIn = (font) => {
    context.font = font
    return Math.round(context.measureText(${JSON.stringify(PROBE)}).width * 10) / 10
  }
  const above = [...document.querySelectorAll('dialog[open], dialog[open] *, :popover-open')]
  ;[
    document.documentElement.scrollHeight,
    Math.max(0, ...above.map((each) => each.scrollHeight)),
    ...${JSON.stringify(FAMILIES)}.flatMap((family) => [widthIn('14px ' + family), widthIn('600 20px ' + family)]),
  ]
}`
