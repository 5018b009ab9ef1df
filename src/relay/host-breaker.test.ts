import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createHostBreaker } from './host-breaker.ts'

const HOST = 'https://q.example'
const SECOND = 1000

function start() {
  const clock = createFakeClock()
  const breaker = createHostBreaker({ clock, accountsToOpen: 3, failuresToOpen: 5 })
  const answer = (host = HOST) => breaker.admit(host)?.noteAnswer()
  /** Whether the account was to blame; undefined: the request was not let through. */
  const fail = (accountId: string, requestId = accountId, host = HOST) =>
    breaker.admit(host)?.noteFailure({ accountId, requestId })
  const failAll = (ids: string, host = HOST) => ids.split('').map((id) => fail(id, id, host))
  const open = (host = HOST) => {
    failAll('ab', host)
    clock.advance(SECOND)
    fail('c', 'c', host)
  }
  return { clock, breaker, answer, fail, failAll, open }
}

describe('the breaker of a host', () => {
  it('opens when several accounts fail for a second with no answer between', () => {
    const { clock, breaker, fail, failAll } = start()
    expect(failAll('abcab')).toEqual([true, false, false, false, false])
    clock.advance(SECOND - 1)
    fail('a', 'late')
    expect(breaker.isOpen(HOST)).toBe(false)
    clock.advance(1)
    fail('a', 'later')
    expect(breaker.isOpen(HOST)).toBe(true)
    expect([breaker.admit(HOST), breaker.waitMs(HOST)]).toEqual([undefined, SECOND])
  })

  it('opens when one account fails again and again', () => {
    const { clock, breaker, fail } = start()
    const blamed = ['1', '2', '3', '4', '5'].map((requestId) => {
      clock.advance(SECOND / 4)
      return fail('a', requestId)
    })
    expect(blamed).toEqual([true, true, true, true, false])
    expect(breaker.isOpen(HOST)).toBe(true)
  })

  it('blames an account only so often that it may still be the account, however soon the failures follow', () => {
    const { breaker, fail } = start()
    const blamed = Array.from({ length: 100 }, (_, request) => fail('a', `${request}`))
    expect(blamed.filter((isBlamed) => isBlamed === true)).toHaveLength(4)
    expect(breaker.isOpen(HOST)).toBe(false)
  })

  it('stays closed when some requests are answered', () => {
    const { breaker, fail, answer } = start()
    for (const account of ['a', 'b', 'a', 'b', 'a', 'c', 'a', 'b']) {
      expect(fail(account)).toBe(true)
      answer()
    }
    expect([breaker.isOpen(HOST), breaker.waitMs(HOST)]).toEqual([false, 0])
  })

  it('stays closed while most of what was sent may still be answered', () => {
    const { clock, breaker, failAll } = start()
    failAll('a')
    const open = Array.from({ length: 8 }, () => breaker.admit(HOST))
    clock.advance(SECOND)
    failAll('bcab')
    expect(breaker.isOpen(HOST)).toBe(false)
    for (const passage of open.slice(0, 4)) passage?.noteFailure({ accountId: 'a', requestId: 'slow' })
    expect(breaker.isOpen(HOST)).toBe(true)
  })

  it('is not opened by one request alone, which may be what breaks the host', () => {
    const { clock, breaker, fail } = start()
    for (const account of ['a', 'b', 'c', 'd', 'e', 'f']) {
      fail(account, 'poison')
      clock.advance(SECOND)
    }
    expect(breaker.isOpen(HOST)).toBe(false)
    fail('a', 'another')
    expect(breaker.isOpen(HOST)).toBe(true)
  })

  it('lets one request a second through while it is open, and blames nobody', () => {
    const { clock, breaker, fail, open } = start()
    open()
    clock.advance(SECOND - 1)
    expect(breaker.admit(HOST)).toBeUndefined()
    clock.advance(1)
    expect(fail('a')).toBe(false)
    expect(breaker.admit(HOST)).toBeUndefined()
    clock.advance(SECOND)
    expect(breaker.admit(HOST)).toBeDefined()
    // That one is not answered yet: the next may try all the same.
    clock.advance(SECOND)
    expect(breaker.admit(HOST)).toBeDefined()
  })

  it('closes with the first answer, for everybody', () => {
    const { clock, breaker, answer, fail, open } = start()
    open()
    clock.advance(SECOND)
    answer()
    expect([breaker.isOpen(HOST), breaker.waitMs(HOST)]).toEqual([false, 0])
    expect(fail('a')).toBe(true)
  })

  it('closes with an answer to what was sent before it opened', () => {
    const { breaker, open } = start()
    const early = breaker.admit(HOST)
    open()
    early?.noteAnswer()
    expect(breaker.isOpen(HOST)).toBe(false)
  })

  it('is not opened again by what was sent while the host was down', () => {
    const { clock, breaker, answer, open } = start()
    const late = Array.from({ length: 9 }, () => breaker.admit(HOST))
    open()
    clock.advance(SECOND)
    answer()
    const blamed = late.map((passage, index) =>
      passage?.noteFailure({ accountId: String(index), requestId: String(index) }),
    )
    expect(new Set(blamed)).toEqual(new Set([false]))
    expect(breaker.isOpen(HOST)).toBe(false)
  })

  it('knows nothing of other hosts', () => {
    const { breaker, open } = start()
    open()
    expect(breaker.isOpen('https://other.example')).toBe(false)
    expect(breaker.admit('https://other.example')).toBeDefined()
  })
})

it('through an outage asks at most once a second, blames one account once, and all go on within a second after', () => {
  const { clock, breaker } = start()
  const DOWN_FROM = 10 * SECOND
  const DOWN_TO = DOWN_FROM + 900 * SECOND
  const blamed: string[] = []
  let asked = 0
  let firstAnswer = 0
  for (let request = 0; clock.elapsed() < DOWN_TO + 20 * SECOND; request += 1) {
    const at = clock.elapsed()
    const isDown = at >= DOWN_FROM && at < DOWN_TO
    const account = `account-${request % 5}`
    const passage = breaker.admit(HOST)
    if (passage !== undefined && isDown) asked += 1
    if (isDown && passage?.noteFailure({ accountId: account, requestId: String(request) }) === true) {
      blamed.push(account)
    } else if (!isDown && passage !== undefined) {
      passage.noteAnswer()
      if (at >= DOWN_TO && firstAnswer === 0) firstAnswer = at
    }
    clock.advance(20)
  }
  expect(blamed).toHaveLength(1)
  // A second's worth of requests until it opens, then one a second.
  expect(asked).toBeLessThanOrEqual(900 + 51)
  expect(firstAnswer - DOWN_TO).toBeLessThanOrEqual(SECOND)
})

it('never lets more than one request a second through while it is open, whatever happens', () => {
  const someStep = fc.record({
    act: fc.constantFrom('fail', 'fail', 'fail', 'answer', 'wait'),
    account: fc.constantFrom('a', 'b', 'c', 'd'),
    ms: fc.nat({ max: 1500 }),
  })
  fc.assert(
    fc.property(fc.array(someStep, { maxLength: 200 }), (steps) => {
      const { clock, breaker } = start()
      let lastProbe = Number.NEGATIVE_INFINITY
      for (const [index, { act, account, ms }] of steps.entries()) {
        if (act === 'wait') clock.advance(ms)
        const wasOpen = breaker.isOpen(HOST)
        const passage = act === 'wait' ? undefined : breaker.admit(HOST)
        const isProbe = wasOpen && passage !== undefined
        expect(isProbe ? clock.elapsed() - lastProbe : SECOND).toBeGreaterThanOrEqual(SECOND)
        if (isProbe) lastProbe = clock.elapsed()
        if (act === 'answer') passage?.noteAnswer()
        const isBlamed =
          act === 'fail' && passage?.noteFailure({ accountId: account, requestId: String(index) }) === true
        expect(wasOpen && isBlamed).toBe(false)
      }
    }),
  )
})
