import fastify from 'fastify'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { answering, writeBySchema, writeList } from './answering.ts'

const schema = z.object({ id: z.string(), inner: z.object({ kind: z.string() }) })

async function ask(answer: unknown, status = 200) {
  const app = fastify()
  app.setSerializerCompiler(writeBySchema)
  app.get('/', answering(schema), async (_, reply) => reply.code(status).send(answer))
  const { statusCode, body } = await app.inject('/')
  return { statusCode, body }
}

it('S30: an answer has what its schema names, at every level, and nothing else', async () => {
  const all = { id: 'a', clientSecret: 'canary', inner: { kind: 'b', accessToken: 'canary' } }
  expect(await ask(all)).toEqual({ statusCode: 200, body: '{"id":"a","inner":{"kind":"b"}}' })
})

it('S30: an answer that is not as its schema says does not leave at all', async () => {
  const { statusCode, body } = await ask({ id: 7, inner: 'canary' })
  expect(statusCode).toBe(500)
  expect(body).not.toContain('canary')
})

it('S30: a long list has what the schema of its members names, and is no list with one that is otherwise', async () => {
  const list = Array.from({ length: 450 }, (_, index) => ({
    id: `${index}`,
    clientSecret: 'canary',
    inner: { kind: 'b' },
  }))
  const expected = list.map(({ id, inner }) => ({ id, inner }))
  expect(JSON.parse(await writeList(schema, list))).toEqual(expected)
  await expect(writeList(schema, [...list, { id: 7 }])).rejects.toThrow(/id/)
  expect(await writeList(schema, [])).toBe('[]')
})

it('leaves errors to those who write them', async () => {
  expect(await ask({ error: 'no' }, 400)).toEqual({ statusCode: 400, body: '{"error":"no"}' })
})

it('takes no other kind of schema', () => {
  expect(() => writeBySchema({ schema: { type: 'object' } })).toThrow('zod')
})
