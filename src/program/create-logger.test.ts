import { describe, expect, it } from 'vitest'
import { countLeaks } from '../../test/secret-texts.ts'
import { createLogger } from './create-logger.ts'

function createRig() {
  const lines: string[] = []
  const logger = createLogger({ level: 'trace', base: null, output: { write: (line) => lines.push(line) } })
  const last = () => JSON.parse(lines.at(-1) ?? '')
  return { logger, lines, last }
}

const secret = 'sk-0123456789abcdef'

describe('the log', () => {
  it('S26: has the members that it knows, and counts the rest', () => {
    const { logger, last } = createRig()
    const facts = {
      method: 'GET',
      status: 200,
      headers: { authorization: 'canary' },
      prompt: 'canary',
      ['canary']: 1,
      attempts: [{ account: 'a1', body: 'canary' }],
      usage: 'canary',
    }
    logger.info(facts, 'request')
    expect(last()).toEqual({
      level: 30,
      time: expect.any(Number),
      method: 'GET',
      status: 200,
      attempts: [{ account: 'a1' }],
      dropped: 5,
      msg: 'request',
    })
  })

  it.each<[string, object]>([
    ['a text for a number', { status: 'canary' }],
    ['a sentence for a word', { failure: 'canary says hello' }],
    ['a line break in a word', { accountId: 'canary\n{}' }],
    ['an object for a text', { model: { canary: 1 } }],
    ['a text for a list', { attempts: 'canary' }],
    ['a list for members', { usage: ['canary'] }],
    ['a member of a prototype', { constructor: 'canary', toString: 'canary' }],
    ['a request', { req: { headers: { cookie: 'canary' } } }],
    ['what Node calls one', { method: 'GET', headers: { cookie: 'canary' }, socket: {}, url: '/?canary' }],
  ])('S26: does not take %s', (_, facts) => {
    const { logger, lines, last } = createRig()
    logger.info(facts, 'something')
    expect(last().dropped ?? 1).toBeGreaterThan(0)
    expect(lines.join('').replace('/?canary', '')).not.toContain('canary')
  })

  it('S26: takes secrets out of texts, messages, errors and their causes', () => {
    const { logger, lines, last } = createRig()
    const error = new Error(`with ${secret}`, { cause: Object.assign(new Error(secret), { code: secret }) })
    logger.warn({ model: secret, reason: `because of ${secret}`, err: error }, `failed: ${secret}`)
    expect(last()).toMatchObject({ model: '[redacted]', reason: 'because of [redacted]' })
    expect(last()).toMatchObject({ msg: 'failed: [redacted]', err: { message: 'with [redacted]' } })
    logger.error(error)
    logger.error({ err: error })
    logger.error(`only a message with ${secret}`)
    logger.error({ err: secret }, undefined)
    logger.error('%s', secret)
    logger.child({ requestId: 'r1' }).error({ err: error }, secret)
    expect(lines).toHaveLength(7)
    expect(lines.join('')).not.toContain(secret)
    expect(lines.join('').match(/redacted/g)?.length).toBeGreaterThan(12)
  })

  it.each([
    '\n{"level":30,"msg":"forged"}',
    '\r\n',
    '\u001B[2J\u001B]0;title\u0007',
    '\u009B31m',
    '\u202Etxt.exe',
    '\u2066hidden\u2069',
    'a\u2028b\u2029c\u0085d',
    '\uFEFF\u200B\u200F\u061C',
    '\u0000\u007F',
  ])('S26: cannot be forged, coloured or turned round by %j', (text) => {
    const { logger, lines, last } = createRig()
    logger.warn({ model: text, err: new Error(text) }, text)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[\x20-\x7E\u00A1-\u1FFF…]+\n$/)
    expect(lines[0]?.match(/[\u061C\u200B-\u200F\u2028-\u202E\u2066-\u2069]/)).toBeNull()
    expect(last()).toMatchObject({ model: text, msg: text })
  })

  it('S26: leaves no secret of generated texts in a line', () => {
    const { logger, lines } = createRig()
    const leaks = countLeaks(
      (text) => {
        logger.warn({ model: text, err: new Error(text) }, text)
        return lines.pop() ?? text
      },
      { runs: 300, seed: 11 },
    )
    expect(leaks).toBe(0)
  })

  it('cuts what is long', () => {
    const { logger, lines } = createRig()
    const error = new Error('x'.repeat(100_000), { cause: new Error('y'.repeat(100_000)) })
    logger.warn({ model: 'm'.repeat(100_000), err: error }, 'z'.repeat(100_000))
    expect(lines[0]?.length).toBeLessThan(20_000)
  })

  it('takes whatever can be thrown', () => {
    const { logger, lines } = createRig()
    const broken = Object.assign(new Error('x'), { message: { toString: () => secret }, name: 7, stack: {} })
    for (const thrown of [
      null,
      undefined,
      7,
      Symbol('s'),
      () => secret,
      { toString: () => secret },
      broken,
    ]) {
      logger.error({ err: thrown }, 'failed')
    }
    expect(lines).toHaveLength(7)
    expect(lines.join('')).not.toContain(secret)
  })
})
