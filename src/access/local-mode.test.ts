import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { AccessRequest } from './access-request.ts'
import { createLocalMode, type LocalModeEnd, type LocalModeStore } from './local-mode.ts'
import { sampleRequest } from './sample-request.ts'

function start(store: Partial<LocalModeStore> = {}, isPasswordSet = false) {
  const announced: LocalModeEnd[] = []
  const reported: unknown[] = []
  let kept: LocalModeEnd | undefined
  const localMode = createLocalMode({
    store: {
      read: async () => kept,
      insert: async (end) => void (kept ??= end),
      ...store,
    },
    clock: createFakeClock(Date.parse('2026-11-22T10:00:00Z')),
    isPasswordSet: async () => isPasswordSet,
    announce: async (end) => void announced.push(end),
    report: (error) => void reported.push(error),
  })
  return { localMode, announced, reported, kept: () => kept }
}

describe('local mode', () => {
  it.each<[string, Partial<AccessRequest>]>([
    ['a straight request', {}],
    ['a missing Host', { hosts: [] }],
    ['HTTP/1.0, which a script may speak', { httpVersion: '1.0' }],
    ['a foreign page', { headers: { host: 'localhost:8000', origin: 'https://example.com' } }],
    ['an absolute target of this machine', { target: 'http://localhost:8000/v2/accounts' }],
  ])('goes on after %s', async (_, request) => {
    const { localMode, announced, kept } = start()
    await localMode.watch(sampleRequest(request))
    expect([await localMode.endedAt(), announced, kept()]).toEqual([undefined, [], undefined])
  })

  const common = { at: '2026-11-22T10:00:00.000Z', method: 'GET', path: '/v2/accounts', peer: '127.0.0.1' }
  it.each<[string, Partial<AccessRequest>, Partial<LocalModeEnd>]>([
    ['a foreign Host', { hosts: ['a.example:80'] }, { header: 'host', value: 'a.example:80' }],
    ['a foreign second Host', { hosts: ['localhost', 'b.example'] }, { header: 'host', value: 'b.example' }],
    ['a foreign target', { target: 'http://c.example/x?y' }, { header: 'host', value: 'c.example' }],
    ['a proxy', { headers: { 'x-forwarded-for': 'secret' } }, { header: 'x-forwarded-for' }],
    ['such a request for a model', { route: 'model', headers: { via: 'x' } }, { header: 'via' }],
  ])('ends with %s, and keeps what it was without a secret', async (_, request, sign) => {
    const { localMode, announced, kept } = start()
    await localMode.watch(sampleRequest(request))
    expect(await localMode.endedAt()).toBe(common.at)
    expect(kept()).toEqual({ ...common, ...sign })
    expect(announced).toEqual([kept()])
  })

  it('keeps the first such request, and says so once', async () => {
    const { localMode, announced, kept } = start()
    await localMode.watch(sampleRequest({ hosts: ['first.example'] }))
    await localMode.watch(sampleRequest({ hosts: ['second.example'] }))
    expect(announced).toHaveLength(1)
    expect(kept()?.value).toBe('first.example')
  })

  it('keeps of a Host only what a log line can take', async () => {
    const { localMode, kept } = start()
    await localMode.watch(sampleRequest({ hosts: [`a\u001b[31m\u202e${'x'.repeat(200)}`] }))
    expect(kept()?.value).toMatch(/^a\?\[31m\?x{93}$/)
  })

  it('has ended for a process that finds the end in the store', async () => {
    const { localMode } = start({ read: async () => ({ ...common, header: 'via' }) })
    expect(await localMode.endedAt()).toBe(common.at)
  })

  it('has ended also when that cannot be stored', async () => {
    const failure = new Error('disk full')
    const { localMode, reported } = start({ insert: () => Promise.reject(failure) })
    await localMode.watch(sampleRequest({ hosts: ['a.example'] }))
    expect(await localMode.endedAt()).toBe(common.at)
    expect(reported).toEqual([failure])
  })

  it('does not end where a password is set, whatever comes: a proxy may stand in front then', async () => {
    const { localMode, announced, kept } = start({}, true)
    await localMode.watch(sampleRequest({ hosts: ['a.example'], headers: { via: 'x' } }))
    expect([await localMode.endedAt(), announced, kept()]).toEqual([undefined, [], undefined])
  })
})
