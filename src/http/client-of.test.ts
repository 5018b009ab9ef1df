import { describe, expect, it } from 'vitest'
import { ANYONE, type Caller } from '../access/caller.ts'
import { clientOf, usageClientOf } from './client-of.ts'

const peer = { address: undefined, isSecure: false, host: undefined, isForwarded: false }
const key: Caller = {
  kind: 'key',
  print: 'c0ffee',
  grant: { id: 'env-1', name: 'env-1', limits: {} },
}

describe('a caller is counted', () => {
  it.each<[Caller, string, string]>([
    [key, 'key c0ffee', 'c0ffee'],
    [{ kind: 'operator', via: 'local' }, 'operator', 'operator'],
    [ANYONE, 'address unknown', 'open'],
  ])('%j', (caller, client, usageClient) => {
    expect(clientOf({ caller, peer })).toBe(client)
    expect(usageClientOf({ caller })).toBe(usageClient)
  })
})
