import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Problem } from '../../../api/problem.ts'
import { toasts } from '../../../state/toasts.ts'
import { sampleAccount } from '../sample-account.ts'
import { runs, showRun, startRun } from './current-run.ts'

const shown = () => runs.value.map(({ kind, isShown }) => [kind, isShown])

beforeEach(() => void vi.stubGlobal('window', globalThis))
afterEach(() => {
  vi.unstubAllGlobals()
  toasts.value = []
  runs.value = []
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
  expect(runs.value).toMatchObject([{ kind: 'refreshQuota', isShown: true }])
  expect(toasts.value.map(({ text }) => text)).toEqual(['It is in use.'])
  resolve()
  await watched
})

it('stays in sight when another is begun, until somebody has seen its end', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = startRun({ kind: 'refreshQuota', accounts: [sampleAccount()], work: () => promise })
  const second = startRun({ kind: 'enable', accounts: [sampleAccount()], work: async () => sampleAccount() })
  expect(shown()).toEqual([
    ['refreshQuota', false],
    ['enable', true],
  ])
  await second
  const [slow] = runs.value
  if (slow !== undefined) showRun(slow, true)
  expect(shown()).toEqual([
    ['refreshQuota', true],
    ['enable', false],
  ])
  resolve()
  await first
  const [over] = runs.value
  if (over !== undefined) showRun(over, false)
  expect(shown()).toEqual([['enable', false]])
})
