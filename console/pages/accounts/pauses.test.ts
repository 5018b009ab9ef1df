import { expect, it } from 'vitest'
import { pauseChanges, type PauseName } from './pauses.ts'
import { sampleAccount } from './sample-account.ts'

const NOW = Date.parse('2026-11-23T10:00:00Z')
const resetsAt = '2026-12-01T00:00:00Z'

it.each<[PauseName, string | null, ReturnType<typeof pauseChanges>]>([
  ['pauseQuarter', null, { pauseSeconds: 900 }],
  ['pauseHour', resetsAt, { pauseSeconds: 3600 }],
  ['pauseToReset', resetsAt, { pausedUntil: resetsAt }],
  ['pauseToReset', '2026-11-23T10:00:00Z', undefined],
  ['pauseToReset', null, undefined],
])('%s, with a quota that resets at %s, is %o', (name, resets, changes) => {
  const quota = { left: 1, limit: 2, resetsAt: resets, plan: null, readAt: resetsAt }
  expect(pauseChanges(sampleAccount({ quota }), name, NOW)).toEqual(changes)
})

it('ends with a quota that nobody has read', () => {
  expect(pauseChanges(sampleAccount({ quota: null }), 'pauseToReset', NOW)).toBeUndefined()
})
