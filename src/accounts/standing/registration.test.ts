import { describe, expect, it } from 'vitest'
import { afterOutcome } from './after-outcome.ts'
import { hasRegistrationEnded, registrationWarning } from './registration.ts'
import { sampleAccount } from '../sample-account.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const DAY = 86_400_000
const endingIn = (ms: number) => ({ registrationExpiresAt: new Date(NOW + ms) })

describe('the registration of a client', () => {
  it.each([
    [{}, undefined, false],
    [endingIn(7 * DAY + 1), undefined, false],
    [
      endingIn(7 * DAY),
      'Sign this account in again before 2026-11-29T10:00:00Z: its registration with the sign-in service ends then.',
      false,
    ],
    [endingIn(1), expect.stringContaining('before 2026-11-22T10:00:00Z'), false],
    [
      endingIn(0),
      'Sign this account in again: its registration with the sign-in service ended at 2026-11-22T10:00:00Z.',
      true,
    ],
  ])('%o: %o', (account, warning, ended) => {
    expect(registrationWarning(account, NOW)).toEqual(warning)
    expect(hasRegistrationEnded(account, NOW)).toBe(ended)
  })

  it.each([
    ['which has ended', -1, 'needs-sign-in'],
    ['which lives', DAY, 'cooling'],
  ])('%s decides whether one refusal is believed', (_case, ms, kind) => {
    const fingerprints = { clientSecret: '0', refreshToken: '1' }
    const account = sampleAccount('a', { fingerprints, ...endingIn(ms) })
    const failure = { kind: 'sign-in-needed', message: 'x' } as const
    const circumstances = { now: NOW, random: () => 0, maxStrikes: 9, mayDisable: () => true }
    expect(afterOutcome(account, { kind: 'failed', failure }, circumstances).status.kind).toBe(kind)
  })
})
