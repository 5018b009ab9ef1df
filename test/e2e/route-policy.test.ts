import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fastify } from 'fastify'
import { expect, it } from 'vitest'
import { installGuards } from '../../src/http/guards.ts'
import { tablesOf } from '../markdown.ts'
import { readServedRoutes } from '../served-routes.ts'

const reviewed = readFileSync(join(import.meta.dirname, '../../docs/route-policy.md'), 'utf8')
const plain = (cell: string) => cell.replaceAll('`', '')

it('S1: every route is in the list that was reviewed, for whom it is served', async () => {
  const served = await readServedRoutes()
  const lines = served.map(({ method, path, access }) => `${method} ${path}: ${access}`)
  const listed = tablesOf(reviewed)
    .flat()
    .filter(([method = '']) => /^[A-Z]+$/.test(method))
    .map(([method = '', path = '', access = '']) => `${method} ${plain(path)}: ${access}`)
  expect(listed.length).toBeGreaterThan(30)
  expect(lines.toSorted()).toEqual(listed.toSorted())
})

it('S1: a route that does not say who it is for ends the start', async () => {
  const app = fastify()
  installGuards(app, { access: { check: async () => ({ kind: 'anyone' }) }, isOperatorHost: () => true })
  expect(() => app.get('/v2/forgotten', async () => ({}))).toThrow('/v2/forgotten does not say who it is for')
  await app.close()
})

it('S8: without the console none of the routes of the operator is served', async () => {
  const served = await readServedRoutes({ ENABLE_CONSOLE: 'false' })
  expect(served.filter(({ path, access }) => path.startsWith('/v2') || access === 'operator')).toEqual([])
  expect(served.some(({ path }) => path === '/v1/messages')).toBe(true)
})
