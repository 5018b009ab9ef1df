import { expect, it } from 'vitest'
import { ANYONE, type Caller } from '../../access/caller.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { confirmOperator } from './confirm-operator.ts'

/** Where one password is right. `address`: of the client, whichever proxy it comes through. */
async function ask(caller: Caller, password: string | undefined, address = '192.0.2.1') {
  const tries: [string, string][] = []
  const desk = {
    async demandPassword(secret: string, from: string): Promise<void> {
      tries.push([secret, from])
      if (secret !== 'right') throw new GatewayError('unauthenticated', 'The password is wrong.')
    },
  }
  const peer = { address, isSecure: true, host: 'gateway.example', isForwarded: true }
  const isConfirmed = await confirmOperator({ caller, peer }, { desk, password }).then(
    () => true,
    () => false,
  )
  return { isConfirmed, tries }
}

const session: Caller = { kind: 'operator', via: 'session' }
const token: Caller = { kind: 'operator', via: 'token', name: 'ci' }

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

it('S29: a try counts for the client, not for the proxy that it shares with others', async () => {
  expect((await ask(session, 'wrong', '2001:db8::7')).tries).toEqual([['wrong', '2001:db8:0:0::/64']])
})
