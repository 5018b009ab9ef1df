import { afterEach, expect, it, vi } from 'vitest'
import { accounts, dropAccounts, putAccount } from './accounts-store.ts'
import { sampleAccount } from './sample-account.ts'

afterEach(() => void vi.unstubAllGlobals())

it('never shows one account as all there are', async () => {
  const [first, second] = [sampleAccount({ id: 'first' }), sampleAccount({ id: 'second' })]
  vi.stubGlobal('fetch', async () =>
    Response.json({ accounts: [first, second], total: 2, revision: 1, nextCursor: null }),
  )
  dropAccounts(new Set(['third']))
  expect(accounts.state.value.value).toBeUndefined()
  putAccount(first)
  expect(accounts.state.value.value).toBeUndefined()
  await vi.waitFor(() => expect(accounts.state.value.value).toHaveLength(2))
})
