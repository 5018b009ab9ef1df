import { createServer, request, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { trackOpenAnswers } from './open-answers.ts'

async function startServer() {
  const server = createServer()
  const answers = trackOpenAnswers(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
  const arrived = new Promise<ServerResponse>((resolve) =>
    server.once('request', (_, response) => resolve(response)),
  )
  const sent = request({ port: address.port, agent: false }, (response) => response.resume())
  sent.on('error', () => {})
  sent.end()
  return { server, answers, response: await arrived }
}

describe('open answers', () => {
  it('are waited for, and leave no timer behind', async () => {
    const { server, answers, response } = await startServer()
    const clock = createFakeClock()
    const finished = answers.allFinished(clock, 1000)
    expect(clock.pending()).toBe(1)
    response.end()
    await finished
    expect(clock.pending()).toBe(0)
    await answers.allFinished(clock, 1000)
    server.close()
  })

  it('are waited for no longer than the limit', async () => {
    const { server, answers } = await startServer()
    const clock = createFakeClock()
    const finished = answers.allFinished(clock, 1000)
    clock.advance(1000)
    await expect(finished).resolves.toBeUndefined()
    server.closeAllConnections()
    server.close()
  })
})
