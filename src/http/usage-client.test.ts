import { describe, expect, it } from 'vitest'
import { createUsageClientOf } from './usage-client.ts'

const fingerprintOf = (key: string) => `print of ${key}`

describe('whose usage a request counts as', () => {
  const clientOf = createUsageClientOf(['sk-one', 'sk-two'], fingerprintOf)
  it.each<[Record<string, string>, string]>([
    [{ authorization: 'Bearer sk-one' }, 'print of sk-one'],
    [{ 'x-api-key': 'sk-two' }, 'print of sk-two'],
    [{ 'api-key': 'sk-two' }, 'print of sk-two'],
    [{ authorization: 'Bearer made-up', 'x-api-key': 'sk-two' }, 'print of sk-two'],
    [{ authorization: 'Bearer made-up' }, 'operator'],
    [{}, 'operator'],
  ])('%j', (headers, client) => {
    expect(clientOf(headers)).toBe(client)
  })

  it('is one client for all while no key is asked for', () => {
    const open = createUsageClientOf([], fingerprintOf)
    expect(open({ authorization: 'Bearer made-up' })).toBe(open({}))
  })
})
