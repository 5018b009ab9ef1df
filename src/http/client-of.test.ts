import { createServer } from 'node:http'
import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'
import { createClientOf } from './client-of.ts'

const ADDRESS = 'address 127.0.0.1'

async function ask(headers: Record<string, string>, demandsKey = true): Promise<string> {
  const clientOf = createClientOf({ demandsKey: () => demandsKey })
  const app = fastify({ serverFactory: (handler) => createServer(handler) })
  app.get('/', async (request) => clientOf(request))
  const { body } = await app.inject({ path: '/', headers })
  return body
}

describe('the client of a request', () => {
  it('is its key, in whichever header, and never the key itself', async () => {
    const one = await ask({ authorization: 'Bearer canary-one' })
    expect(one).toMatch(/^key [0-9a-f]{64}$/)
    expect(await ask({ 'x-api-key': 'canary-one' })).toBe(one)
    expect(await ask({ 'api-key': 'canary-one', authorization: 'bearer  canary-one' })).toBe(one)
    expect(await ask({ 'x-api-key': 'canary-two' })).not.toBe(one)
  })

  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['several keys', { authorization: 'Bearer a', 'x-api-key': 'b' }],
  ])('is its address when it carries %s', async (_, headers) => {
    expect(await ask(headers)).toBe(ADDRESS)
  })

  it('is its address while no key is asked for', async () => {
    expect(await ask({ authorization: 'Bearer a' }, false)).toBe(ADDRESS)
  })
})
