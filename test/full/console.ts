/**
 * Every page and dialog of the console against WCAG 2.0 to 2.2, A and AA, and for its width: each in both themes, both
 * languages, and on a phone as well as on a desk. Run: node test/full/console.ts
 */
import { startBrowserLab, type BrowserLab } from '../browser/browser-lab.ts'
import { startBusyGateway } from '../browser/busy-gateway.ts'
import { listPlaces, type Place } from '../browser/console-pages.ts'
import { axeScript, findViolations } from '../browser/find-violations.ts'
import { isQuiet, overflowOf } from '../browser/page-state.ts'

const themes = ['light', 'dark'] as const
const languages = ['en', 'zh-CN'] as const
const widths = [390, 1440]

const looks = themes.flatMap((theme) =>
  languages.flatMap((language) => widths.map((width) => ({ theme, language, width }))),
)
type Look = (typeof looks)[number]

const gateway = await startBusyGateway()
const lab = await startBrowserLab()
let faults = 0
try {
  for (const place of listPlaces()) {
    for (const look of looks) {
      const found = await lookAt(lab, place, look)
      faults += found.length
      const where = `${place.name}, ${look.theme}, ${look.language}, ${look.width} px`
      for (const fault of found) process.stdout.write(`${where}: ${fault}\n`)
    }
  }
} finally {
  await lab.close()
  await gateway.close()
}
process.stdout.write(`${listPlaces().length} places in ${looks.length} looks: ${faults} faults\n`)
process.exitCode = faults === 0 ? 0 : 1

async function lookAt({ visit }: BrowserLab, { path }: Place, look: Look): Promise<string[]> {
  const { page, leave } = await visit({ url: gateway.url, path, script: axeScript, ...look })
  await isQuiet(page)
  const found = [
    ...(await findViolations(page)),
    ...(await overflowOf(page)).map((each) => `too wide: ${each}`),
  ]
  try {
    await leave()
  } catch (error) {
    found.push(error instanceof Error ? error.message : String(error))
  }
  return found
}
