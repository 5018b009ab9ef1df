import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { combine, judgeStored } from './judge-stored.ts'

const judge = (given: Record<string, string>, stored: Record<string, string>) =>
  judgeStored(given, new Map(Object.entries(stored)))

describe('what was set in the console', () => {
  it('counts where the environment says nothing', () => {
    const { accepted, ignored } = judge({ PORT: '0' }, { MAX_ERROR_COUNT: '7', LOG_LEVEL: 'warn' })
    expect([...accepted]).toEqual([
      ['MAX_ERROR_COUNT', '7'],
      ['LOG_LEVEL', 'warn'],
    ])
    expect(ignored.size).toBe(0)
  })

  it.each([
    [{ MAX_ERROR_COUNT: '5' }, { MAX_ERROR_COUNT: '7' }, 'is set in the environment, which goes before.'],
    [{}, { MAX_ERROR_COUNT: 'many' }, 'must be a number from 1 to 1000000.'],
    [{}, { NO_SUCH_SETTING: '1' }, 'is no setting of this version.'],
    [{}, { __proto__x: '1' }, 'is no setting of this version.'],
    [{}, { ADMIN_PASSWORD: 'correct horse' }, 'can be set in the environment alone.'],
    [{}, { AMAZON_Q_ENDPOINT: 'https://evil.example' }, 'can be set in the environment alone.'],
    [
      { WORKERS: '3' },
      { MAX_CONCURRENT_REQUESTS: '2' },
      'WORKERS must not be more than MAX_CONCURRENT_REQUESTS, which they share.',
    ],
  ])('beside %j does not count where it is %j', (given, stored, why) => {
    const { accepted, ignored } = judge(given, { ...stored, LOG_LEVEL: 'warn' })
    expect([...accepted]).toEqual([['LOG_LEVEL', 'warn']])
    const [name = ''] = Object.keys(stored)
    expect(ignored.get(name)).toContain(why)
  })

  it('never goes before the environment', () => {
    const config = combine({ MAX_ERROR_COUNT: '5' }, new Map([['MAX_ERROR_COUNT', '7']]))
    expect(config.maxErrorCount).toBe(5)
    expect(config.given).toEqual({ MAX_ERROR_COUNT: '5' })
    expect(combine({}, new Map())).toEqual(readConfig({}))
  })
})
