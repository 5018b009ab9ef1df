import { describe, expect, it } from 'vitest'
import { countLeaks } from '../../test/secret-texts.ts'
import { redactSecrets } from './redact-secrets.ts'

describe('the redactor', () => {
  it('S26: leaves nothing of a secret, whatever stands around it', () => {
    expect(countLeaks(redactSecrets, { runs: 1000 })).toBe(0)
  })

  it('can fail: what redacts nothing leaks every time', () => {
    expect(countLeaks((text) => text, { runs: 50 })).toBe(50)
  })

  it.each([
    ['sent Bearer abc to http://me:pw@proxy:1', 'sent [redacted] to http://[redacted]@proxy:1'],
    ['https://me:p@ss:w@rd@proxy:3128/x', 'https://[redacted]@proxy:3128/x'],
    ['grant_type=refresh&client_secret=abc&x=1', 'grant_type=refresh&client_secret=[redacted]&x=1'],
    ['{"accessToken":"abc","region":"x"}', '{"accessToken":"[redacted]","region":"x"}'],
    ['Cookie: session=abc', 'Cookie: [redacted]'],
    ['Cookie: theme=dark; session=abc\nHost: x', 'Cookie: [redacted]\nHost: x'],
    ['aq2:0123456789abcdef:AbC-_d does not open', '[redacted] does not open'],
    ['aqk1:01234567:AbC-_d', '[redacted]'],
  ])('makes of %j %j', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected)
  })

  it.each([
    'The model claude-sonnet-4.5 is not known here.',
    'connect ECONNREFUSED 127.0.0.1:8000',
    'HTTP 502 from https://q.us-east-1.amazonaws.com/',
    'max_tokens: must be a whole number; 12 tokens of 200000 are left',
    'req_7kXabcdefghijklmnopqrstu of 5f0c2f5e-7d1e-4d1f-9b0a-0b0f6f0f6f0f',
    'task-force, desk_lamp, disk-usage',
  ])('leaves alone: %s', (text) => {
    expect(redactSecrets(text)).toBe(text)
  })

  it.each(['', 'token": ', 'cookie', 'authorization :', 'bearer', '://', 'eyJ', '"'])(
    'S50: takes no longer, for its length, for %j and many blanks',
    (start) => {
      const hostile = `${start}${' '.repeat(200_000)}`
      const began = process.cpuUsage()
      redactSecrets(hostile)
      redactSecrets(`${hostile}sk-0123456789`)
      redactSecrets(hostile.replaceAll(' ', ' "'))
      const { user } = process.cpuUsage(began)
      // What grows by the square takes minutes.
      expect(user / 1000).toBeLessThan(2000)
    },
  )

  it('does so twice as well as once', () => {
    const once = redactSecrets('Authorization: Bearer abc, proxy http://a:b@c:1, sk-0123456789')
    expect(redactSecrets(once)).toBe(once)
  })
})
