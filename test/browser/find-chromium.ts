import { existsSync } from 'node:fs'

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Where this machine has a browser of Chromium's family; `CHROMIUM_PATH` counts first. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH: named } = process.env
  return [...(named === undefined ? [] : [named]), ...USUAL_PLACES].find((path) => existsSync(path))
}
