import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createBodyReader } from './read-body.ts'

const TIMEOUT_MS = 60_000

/** A body that comes at so many bytes a second, and how long it was waited for. */
async function send(bytesASecond: number, seconds: number) {
  const clock = createFakeClock()
  const bodies = createBodyReader({
    clock,
    limits: { maxBytes: 10_000_000, maxBufferedBytes: 10_000_000, timeoutMs: TIMEOUT_MS },
  })
  const request = new IncomingMessage(new Socket())
  const reading = bodies
    .read(request, 10_000_000, (body) => body.length)
    .then(
      (length) => `${length} bytes`,
      (error: unknown) => (error instanceof GatewayError ? error.message : 'another error'),
    )
  const outcome = { isOpen: true }
  void reading.finally(() => {
    outcome.isOpen = false
  })
  let second = 0
  for (; second < seconds && outcome.isOpen; second += 1) {
    request.push(Buffer.alloc(bytesASecond))
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(1000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (outcome.isOpen) request.push(null)
  const text = await reading
  return { second, text, pending: clock.pending() }
}

describe('S36: a body', () => {
  const tooSlow = 'The body came more slowly than 1000 bytes a second.'
  it.each<[string, number, number, number, string]>([
    ['of a byte a second is cut after ten seconds', 1, 100, 11, tooSlow],
    ['of half the least pace is cut soon after', 500, 100, 20, tooSlow],
    ['of the least pace is read', 1000, 50, 50, '50000 bytes'],
    [
      'of the least pace is cut when its time is over',
      1000,
      100,
      60,
      'The body was not complete after 60 seconds (BODY_TIMEOUT_SECONDS).',
    ],
    ['that is slow is read when it is over in time', 1, 9, 9, '9 bytes'],
  ])('%s', async (_, bytesASecond, seconds, until, text) => {
    expect(await send(bytesASecond, seconds)).toEqual({ second: until, text, pending: 0 })
  })
})
