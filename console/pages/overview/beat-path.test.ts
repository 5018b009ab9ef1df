import { describe, expect, it } from 'vitest'
import { countBeats, drawBeats } from './beat-path.ts'

describe('the beats of an account', () => {
  it('are drawn where they were, each kind in its own shape', () => {
    const minutes = '-otx'
    expect(drawBeats(minutes, 'none')).toBe('M0 15h3v3h-3z')
    expect(drawBeats(minutes, 'ok')).toBe('M4 0h3v18h-3z')
    expect(drawBeats(minutes, 'throttled')).toBe('M8 7h3v11h-3z')
    expect(drawBeats(minutes, 'failed')).toBe('M12 0h3v7h-3zM12 11h3v7h-3z')
  })

  it('are counted', () => {
    expect(countBeats('oo-xo?', 'ok')).toBe(3)
    expect(drawBeats('???', 'ok')).toBe('')
  })
})
