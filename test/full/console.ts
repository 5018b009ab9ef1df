/**
 * Every page of the console in each of its states, with each drawer, dialog and menu open, against WCAG 2.0 to 2.2, A and AA,
 * and for its width: each in both themes and both languages, on a phone as well as on a desk, and once in the narrowest window
 * that has to do. Each look but the narrowest is compared with how it looked before. Last in a language of long words that
 * nobody speaks: which have no room, and which words are not of it.
 * Run: node test/full/console.ts [part of a state's name] [folder for pictures] [--write]
 */
import type { Page } from 'playwright-core'
import { startBrowserLab } from '../browser/browser-lab.ts'
import { startConsoleGateways } from '../browser/console-gateways.ts'
import { listStates, type ConsoleState } from '../browser/console-states.ts'
import { axeScript, findViolations } from '../browser/find-violations.ts'
import { isDrawn, isQuiet, isStill, overflowOf } from '../browser/page-state.ts'
import { inPseudo } from '../browser/pseudo-language.ts'
import { findTextFaults } from '../browser/text-faults.ts'
import { holdStill } from './lab/hold-still.ts'
import { createLookJudge } from './lab/looks/judge-looks.ts'
import { takeLook } from './lab/looks/take-look.ts'

const AT_ONCE = 3
const PHONE = 390
const NARROWEST = 320
/** Those that differ in all come first: what is wrong is told early. */
const looks = [
  { language: 'en', width: 1440, themes: ['light', 'dark'] },
  { language: 'zh-CN', width: PHONE, themes: ['light', 'dark'] },
  { language: 'en', width: PHONE, themes: ['light', 'dark'] },
  { language: 'zh-CN', width: 1440, themes: ['light', 'dark'] },
  // Where the longer language has the least room; only the width is in question.
  { language: 'en', width: NARROWEST, themes: [] },
  { language: 'pseudo', width: 1440, themes: [] },
  { language: 'pseudo', width: PHONE, themes: [] },
] as const
type Look = (typeof looks)[number]

const flag = '--write'
const [wanted = '', folder = ''] = process.argv.slice(2).filter((each) => each !== flag)
const looksJudge = createLookJudge({
  book: new URL('lab/looks/looks.txt', import.meta.url),
  folder,
  isToBeWritten: process.argv.includes(flag),
})

const world = holdStill()
const gateways = await startConsoleGateways(world)
world.stop()
const lab = await startBrowserLab()
const states = listStates(gateways.ids).filter(({ name }) => name.includes(wanted))
const visits = looks.flatMap((look) =>
  states.filter((state) => isSeen(state, look)).map((state) => ({ state, look })),
)
let faults = 0
let judged = 0
const all = visits.length
const startedAt = Date.now()
try {
  await Promise.all(Array.from({ length: AT_ONCE }, workThrough))
} finally {
  await lab.close()
  await gateways.close()
}
const looked = looksJudge.end(wanted === '')
for (const fault of looked.faults) print(fault)
faults += looked.faults.length
const seconds = Math.round((Date.now() - startedAt) / 1000)
print(`${states.length} states in ${judged} looks, ${all} visits, ${seconds} s: ${faults} faults`)
print(looked.told)
process.exitCode = faults === 0 && judged > 0 ? 0 : 1

async function workThrough(): Promise<void> {
  for (let visit = visits.shift(); visit !== undefined; visit = visits.shift()) {
    const { state, look } = visit
    const found = await lookAt(state, look)
    faults += found.length
    for (const fault of found) print(`${state.name}, ${look.language}, ${look.width} px: ${fault}`)
  }
}

function isSeen({ only }: ConsoleState, { width }: Look): boolean {
  return only === undefined || (only === 'phone') === width <= PHONE
}

async function lookAt(state: ConsoleState, { language, width, themes }: Look): Promise<string[]> {
  const { path, at, expected, prepare } = state
  const gateway = await gateways.enter(at)
  const { page, watch, leave } = await lab.visit({
    url: gateway.url,
    path,
    width,
    script: `${world.pageScript()}\n${axeScript}`,
    ...(language === 'pseudo' ? inPseudo({ prepare }) : { language, prepare }),
    ...(expected && { expected }),
  })
  const found: string[] = []
  try {
    await arrive(page, state)
    judged += Math.max(1, themes.length)
    found.push(...(await overflowOf(page)).map((each) => `too wide: ${each}`))
    if (language === 'pseudo') found.push(...(await findTextFaults(page, watch)))
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await isDrawn(page)
      const name = [state.name, theme, language, width].join(' ')
      found.push(...looksJudge.judge(name, await takeLook(page)).map((each) => `${theme}: ${each}`))
      found.push(...(await findViolations(page)).map((each) => `${theme}: ${each}`))
    }
  } catch (error) {
    found.push(`cannot be looked at: ${sayShort(error)}`)
  }
  try {
    await leave()
  } catch (error) {
    found.push(sayShort(error))
  }
  await gateway.leave()
  return found
}

async function arrive(page: Page, { reach, isLoading }: ConsoleState): Promise<void> {
  if (isLoading === true) {
    await page.locator('.skeleton:not(.unshown), main').first().waitFor()
    await isStill(page)
    return
  }
  await isQuiet(page)
  if (reach === undefined) return
  await reach(page)
  await isQuiet(page)
}

function sayShort(error: unknown): string {
  return error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
