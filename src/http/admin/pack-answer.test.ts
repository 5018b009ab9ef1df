import { gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { packAnswer } from './pack-answer.ts'

const long = { list: Array.from({ length: 5000 }, (_, index) => `account ${index}`) }

async function read(path: string, accepted?: string) {
  const app = fastify()
  app.get('/long', { onSend: packAnswer }, async () => long)
  app.get('/short', { onSend: packAnswer }, async () => ({ list: [] }))
  const headers = accepted === undefined ? {} : { 'accept-encoding': accepted }
  const answer = await app.inject({ url: path, headers })
  await app.close()
  return answer
}

describe('a long list', () => {
  it.each(['gzip', 'br, gzip', 'deflate, gzip;q=0.5, br'])('is packed for who takes %s', async (accepted) => {
    const { headers, rawPayload } = await read('/long', accepted)
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(headers['content-length']).toBe(String(rawPayload.length))
    expect(rawPayload.length).toBeLessThan(30_000)
    expect(JSON.parse(gunzipSync(rawPayload).toString())).toEqual(long)
  })

  it.each([undefined, '', 'identity', 'br', 'gzip;q=0', 'br, gzip;q=0.0, deflate', 'xgzip'])(
    'is sent as it is to who takes %s',
    async (accepted) => {
      const answer = await read('/long', accepted)
      expect(answer.headers['content-encoding']).toBeUndefined()
      expect(answer.json()).toEqual(long)
    },
  )

  it('is another matter than a short one', async () => {
    const { headers } = await read('/short', 'gzip')
    expect(headers['content-encoding']).toBeUndefined()
  })
})
