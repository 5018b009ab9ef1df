import { expect, it } from 'vitest'
import { readConfig } from '../../config.ts'
import { openSettings } from '../../settings/live-settings.ts'
import { createSampleStore } from '../../settings/sample-store.ts'
import { checkConsoleSettings } from './check-console-settings.ts'

async function check(stored: Record<string, string>) {
  const { store } = createSampleStore(stored)
  const settings = await openSettings({ config: readConfig({ LOG_LEVEL: 'info' }), store, warn: () => {} })
  return checkConsoleSettings(settings)
}

it('says nothing where nothing was set in the console', async () => {
  expect(await check({})).toEqual([])
})

it('says that what was set in the console counts, or why it does not', async () => {
  expect(await check({ MAX_ERROR_COUNT: '7' })).toMatchObject([{ state: 'good' }])
  const found = await check({ MAX_ERROR_COUNT: 'x', LOG_LEVEL: 'warn', MAX_SESSIONS: '9' })
  expect(found.map(({ says }) => says)).toEqual([
    'What was set in the console does not count: LOG_LEVEL is set in the environment, which goes before.',
    'What was set in the console does not count: MAX_ERROR_COUNT must be a number from 1 to 1000000.',
  ])
})
