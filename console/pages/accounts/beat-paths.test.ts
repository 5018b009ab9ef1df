import { describe, expect, it } from 'vitest'
import { beatPaths } from './beat-paths.ts'

describe('the last hour of an account', () => {
  it('is one path for each kind of minute', () => {
    const hour = `${'-'.repeat(57)}otx`
    expect(beatPaths(hour).map(({ kind, minutes }) => [kind, minutes])).toEqual([
      ['none', 57],
      ['ok', 1],
      ['throttled', 1],
      ['failed', 1],
    ])
  })

  it('draws each minute at its place', () => {
    expect(beatPaths('-o')).toEqual([
      { kind: 'none', minutes: 1, path: 'M0 7h2v4h-2z' },
      { kind: 'ok', minutes: 1, path: 'M3 0h2v18h-2z' },
    ])
  })

  it('passes over what it does not know', () => {
    expect(beatPaths('?!')).toEqual([])
  })
})
