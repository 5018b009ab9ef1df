import { describe, expect, it } from 'vitest'
import { usualProfile } from './usual-profile.ts'

const OWN = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX'

describe('usualProfile', () => {
  it.each([
    ['q-json', 'builder-id', { kind: 'none' }],
    ['q-rest', 'builder-id', { kind: 'none' }],
    ['kiro-runtime', 'builder-id', { kind: 'arn', arn: OWN }],
    ['q-json', 'identity-center', { kind: 'listed' }],
    ['kiro-runtime', 'identity-center', { kind: 'listed' }],
    ['q-json', 'unknown', { kind: 'none' }],
    ['q-rest', 'unknown', { kind: 'none' }],
    ['kiro-runtime', 'unknown', { kind: 'listed' }],
  ] as const)('of %s with sign-in %s is %j', (channel, signIn, profile) => {
    expect(usualProfile({ channel, signIn })).toEqual(profile)
  })

  it('refuses a channel that is not known', () => {
    expect(() => usualProfile({ channel: 'nope', signIn: 'unknown' })).toThrow(/"nope" is not known/)
  })
})
