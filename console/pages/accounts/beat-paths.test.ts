import { describe, expect, it } from 'vitest'
import { beatPaths } from './beat-paths.ts'

describe('the minutes of an hour', () => {
  it('are one path for each kind, which differ in shape as well', () => {
    expect(beatPaths('-oxt')).toEqual([
      { kind: 'none', minutes: 1, path: 'M0 15h3v3h-3z' },
      { kind: 'ok', minutes: 1, path: 'M4 0h3v18h-3z' },
      { kind: 'failed', minutes: 1, path: 'M8 0h3v7h-3zM8 11h3v7h-3z' },
      { kind: 'throttled', minutes: 1, path: 'M12 7h3v11h-3z' },
    ])
  })

  it('are counted, and those of a later gateway passed over', () => {
    const paths = beatPaths(`${'o'.repeat(30)}?${'x'.repeat(29)}`)
    expect(paths.map(({ kind, minutes }) => [kind, minutes])).toEqual([
      ['ok', 30],
      ['failed', 29],
    ])
  })
})
