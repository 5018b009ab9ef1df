import { describe, expect, it } from 'vitest'
import { sampleReply } from '../../test/sample-reply.ts'
import { playScript, type ScriptedAttempt, type ScriptedSearch } from '../../test/scripted-relay.ts'
import { GatewayError, type FailureKind } from '../conversation/failures.ts'
import type { Reconsidered } from '../profiles/profiles.ts'

const refused = (failure: FailureKind, milliseconds = 0): ScriptedAttempt => ({
  milliseconds,
  events: [],
  failure,
})
const answered: ScriptedAttempt = { milliseconds: 0, events: sampleReply }

const other: Reconsidered = { kind: 'other', profile: { kind: 'arn', arn: 'arn:other' } }
const stands = (kind: FailureKind): Reconsidered => ({
  kind: 'stands',
  error: new GatewayError(kind, 'More is known.'),
})

function play(first: ScriptedAttempt, others: ScriptedAttempt[], reconsidered: ScriptedSearch) {
  const accountIds = ['a', 'b']
  return playScript({ accountIds, attempts: [first, ...others], reconsidered })
}

describe('a refusal that another profile may mend', () => {
  it('is answered with that profile, on the same account, without blame, and the profile is remembered', async () => {
    const played = await play(refused('access-denied'), [answered], other)
    expect(played).toMatchObject({
      result: 'answered',
      settled: ['a:success'],
      remembered: [{ kind: 'arn', arn: 'arn:other' }],
      remedies: [{ failure: 'access-denied', remedy: 'profile-lookup', accountId: 'a', attempt: 1 }],
      facts: { repairs: ['other-profile'] },
    })
  })

  it('goes to another account when there is no other profile, and does not tell one', async () => {
    const played = await play(refused('access-denied'), [answered], stands('access-denied'))
    expect(played).toMatchObject({
      result: 'answered',
      settled: ['a:access-denied', 'b:success'],
      remembered: [],
      facts: { repairs: ['other-account'] },
    })
    expect(played.remedies.map(({ remedy }) => remedy)).toEqual(['profile-lookup', 'other-account'])
  })

  it('says what the search has brought to light about the account', async () => {
    const played = await play(refused('access-denied'), [refused('invalid-request')], stands('suspended'))
    expect(played.settled).toEqual(['a:suspended', 'b:invalid-request'])
  })

  it('remembers nothing that did not work, and asks no second time', async () => {
    const failures = [refused('access-denied'), refused('access-denied')]
    const played = await play(refused('access-denied'), failures, other)
    expect(played).toMatchObject({
      result: 'access-denied',
      settled: ['a:access-denied', 'b:access-denied'],
      remembered: [],
    })
    expect(played.remedies.map(({ remedy }) => remedy)).toEqual(['profile-lookup', 'other-account'])
  })

  it('names the same profile still after its token was refreshed', async () => {
    const played = await play(refused('access-denied'), [refused('token-expired'), answered], other)
    expect(played).toMatchObject({ settled: ['a:success'], remembered: [{ kind: 'arn', arn: 'arn:other' }] })
  })

  it('may be the refusal of a fresh token, as in a wrong region', async () => {
    const played = await play(refused('token-expired'), [refused('token-expired'), answered], other)
    expect(played).toMatchObject({ result: 'answered', settled: ['a:success'] })
    expect(played.remedies.map(({ remedy }) => remedy)).toEqual(['refresh', 'profile-lookup'])
  })

  it.each<FailureKind>(['suspended', 'feature-gated'])('is not %s', async (kind) => {
    const played = await play(refused(kind), [answered], other)
    expect(played.remedies.map(({ remedy }) => remedy)).toEqual(['other-account'])
    expect(played.settled).toEqual([`a:${kind}`, 'b:success'])
  })

  it('starts no attempt that would be too late', async () => {
    const played = await play(refused('access-denied', 44_000), [answered], { ...other, takesMs: 2000 })
    expect(played).toMatchObject({ result: 'access-denied', settled: ['a:access-denied'] })
    expect(played.starts).toHaveLength(1)
  })
})
