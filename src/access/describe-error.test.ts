import { expect, it } from 'vitest'
import { GatewayError } from '../conversation/failures.ts'
import { describeError } from './describe-error.ts'

const secrets = [
  'aoaAAAAAGkxyz0123456789abcdef',
  'aorAAAAAGkxyz0123456789abcdef:MGQCMBlabla',
  'sk-live-0123456789',
  'aq_0123456789abcdef',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  'AKIAIOSFODNN7EXAMPLE',
  'aq1:0a1b2c3d:AAAABBBBCCCC',
]

it.each(secrets)('S26: takes %s out of messages, stacks and causes', (secret) => {
  const error = new Error(`failed with ${secret}.`, { cause: new Error(`because of token=${secret}`) })
  const text = JSON.stringify(describeError(error))
  expect(text).not.toContain(secret)
  expect(text).toContain('failed with [redacted]')
})

it('takes out what follows an authentication scheme, and the user of a URL', () => {
  expect(describeError(new Error('sent Bearer abc to http://me:pw@proxy:1')).message).toBe(
    'sent [redacted] to http://[redacted]@proxy:1',
  )
})

it('takes over named fields alone, whatever else an error carries', () => {
  const error = Object.assign(new TypeError('broken'), {
    code: 'E1',
    headers: { authorization: 'canary' },
    body: 'canary',
    data: 'canary',
    socket: { x: 'canary' },
  })
  const described = describeError(error)
  expect(described).toMatchObject({ type: 'TypeError', message: 'broken', code: 'E1' })
  expect(described.stack).toContain('describe-error.test.ts')
  expect(JSON.stringify(described)).not.toContain('canary')
})

it('tells what a failure says to the operator alone', () => {
  const error = new GatewayError('access-denied', 'No.', { forOperator: 'Set sk-live-0123456789 right.' })
  expect(describeError(error)).toMatchObject({ message: 'No.', forOperator: 'Set [redacted] right.' })
})

it('does not quote text that was no JSON, but says where', () => {
  const described = describeError(new Error('outer', { cause: syntaxErrorOf('{"a": canary}') }))
  expect(described.cause).toMatchObject({ type: 'SyntaxError', message: 'The text is not valid JSON.' })
  expect(described.cause?.stack).toContain('at ')
  expect(JSON.stringify(described)).not.toContain('canary')
})

function syntaxErrorOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

it('takes anything that can be thrown, and causes that go in a circle', () => {
  expect(describeError('Bearer abc')).toEqual({ type: 'string', message: '[redacted]' })
  const circle: Error & { cause?: unknown } = new Error('round')
  circle.cause = circle
  expect(JSON.stringify(describeError(circle)).match(/"message"/g)).toHaveLength(6)
})
