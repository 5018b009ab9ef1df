import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '../../../api/problem.ts'
import { toasts } from '../../../state/toasts.ts'
import { sampleAccount } from '../sample-account.ts'
import { currentRun, startRun } from './current-run.ts'

beforeEach(() => void vi.stubGlobal('window', globalThis))
afterEach(() => {
  vi.unstubAllGlobals()
  toasts.value = []
})

it('stays in sight when accounts are deleted whose time is over, and the failures of that are told', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const watched = startRun({ kind: 'refreshQuota', accounts: [sampleAccount()], work: () => promise })
  const deleted = startRun({
    kind: 'delete',
    accounts: [sampleAccount()],
    work: () => Promise.reject(new Problem('It is in use.', { status: 409 })),
    isShown: false,
  })
  await deleted
  expect(currentRun.value).toMatchObject({ kind: 'refreshQuota', isShown: true })
  expect(toasts.value.map(({ text }) => text)).toEqual(['It is in use.'])
  resolve()
  await watched
})
