import { expect, it } from 'vitest'
import { GatewayError } from './failures.ts'

it('a failure that repeats words of the client has no half of a character in it', () => {
  const error = new GatewayError('invalid-request', `names "${'x😀'.slice(0, 2)}"`)
  expect(error.failure.message).toBe('names "x\ufffd"')
  expect(error.message).toBe('names "x\ufffd"')
})
