import { describe, expect, it } from 'vitest'
import { asksToThink } from './model-names.ts'

describe('asksToThink', () => {
  it.each([
    'claude-sonnet-4.5-thinking',
    'claude-sonnet-4-5-20250929-thinking',
    'claude-sonnet-4-5-thinking-20250929',
    'claude-sonnet-4-5-thinking[1m]',
    'anthropic/Claude-Sonnet-4.5-THINKING',
    'CLAUDE_SONNET_4_5_THINKING',
  ])('hears it in %s', (name) => {
    expect(asksToThink(name)).toBe(true)
  })

  it.each(['claude-sonnet-4.5', 'claude-thinking-5', 'thinking', 'claude-sonnet-4.5-thinking-fast', ''])(
    'does not hear it in %j',
    (name) => {
      expect(asksToThink(name)).toBe(false)
    },
  )
})
