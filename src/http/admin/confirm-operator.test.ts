import { describe, expect, it } from 'vitest'
import { ANYONE, type Caller } from '../../access/caller.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { confirmOperator } from './confirm-operator.ts'

/** A desk that knows one password, asked by whoever `caller` is, from behind a trusted proxy. */
async function ask(caller: Caller, password: string | undefined) {
  const seen: [string, string][] = []
  const desk = {
    async confirm(given: string, address: string): Promise<void> {
      seen.push([given, address])
      if (given !== 'right') throw new GatewayError('unauthenticated', 'The password is wrong.')
    },
  }
  const peer = { address: '2001:db8::1', isSecure: true, host: 'gateway.example', isForwarded: true }
  const isConfirmed = await confirmOperator({ caller, peer }, { desk, password }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GatewayError) return false
      throw error
    },
  )
  return { isConfirmed, seen }
}

const session: Caller = { kind: 'operator', via: 'session' }
const token: Caller = { kind: 'operator', via: 'token', name: 'ci' }

describe('what needs the operator in person', () => {
  it.each<[string, Caller, string | undefined, boolean]>([
    ['this machine, where there is no password', { kind: 'operator', via: 'local' }, undefined, true],
    ['the password in this request', { kind: 'operator', via: 'password' }, undefined, true],
    ['a session alone', session, undefined, false],
    ['a session with the password again', session, 'right', true],
    ['a session with a wrong password', session, 'wrong', false],
    ['a token alone', token, undefined, false],
    ['a token with the password', token, 'right', true],
    ['nobody in particular, with the password', ANYONE, 'right', false],
  ])('S29: %s counts as shown or not', async (_, caller, password, isConfirmed) => {
    expect((await ask(caller, password)).isConfirmed).toBe(isConfirmed)
  })

  it('S29: counts wrong passwords for whom the throttle counts, not for the proxy between', async () => {
    expect((await ask(session, 'wrong')).seen).toEqual([['wrong', '2001:db8:0:0::/64']])
  })
})
