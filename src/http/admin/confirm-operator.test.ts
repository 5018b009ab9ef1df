import fastify from 'fastify'
import { expect, it } from 'vitest'
import type { AccessRequest } from '../../access/access-request.ts'
import { ANYONE, type Caller } from '../../access/caller.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { confirmOperator } from './confirm-operator.ts'

/** A server at whose door everybody is `caller`, and which knows one password. */
async function ask(caller: Caller, password: string | undefined) {
  const seen: AccessRequest[] = []
  const access = {
    async check(request: AccessRequest): Promise<Caller> {
      seen.push(request)
      if (request.headers['authorization'] === 'Bearer right') return { kind: 'operator', via: 'password' }
      throw new GatewayError('unauthenticated', 'The password is wrong.')
    },
  }
  const app = fastify()
  app.decorateRequest('caller', undefined)
  app.post('/x', async (request) => {
    request.caller = caller
    await confirmOperator(request, { access, password })
    return 'confirmed'
  })
  const headers = { host: 'gateway.example', cookie: 'session=1', authorization: 'Bearer token' }
  const { body } = await app.inject({ method: 'POST', url: '/x', headers })
  return { body, seen }
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
  expect((await ask(caller, password)).body === 'confirmed').toBe(isConfirmed)
})

it('S29: the password is checked as at the door, without what else the request carries', async () => {
  const { seen } = await ask(session, 'right')
  expect(seen).toMatchObject([
    { route: 'operator', headers: { host: 'gateway.example', authorization: 'Bearer right' } },
  ])
  expect(seen[0]?.headers).not.toHaveProperty('cookie')
})
