import { describe, expect, it } from 'vitest'
import { agents } from './agents/index.ts'
import { versionOf } from './programs.ts'

describe('the agents that are run', () => {
  it.each(agents.map((agent) => ({ name: agent.name, agent })))(
    '$name is pinned to one version',
    ({ agent }) => {
      expect(versionOf(agent)).toMatch(/^\d+\.\d+\.\d+$/)
    },
  )

  it('have names of their own, by which their rows are told apart', () => {
    expect(new Set(agents.map(({ name }) => name)).size).toBe(agents.length)
  })

  it('are told what to do in what every agent goes through', () => {
    const common = ['plain answer', 'shell tool', 'too long a prompt', 'throttled account', 'cut stream']
    const missing = agents.flatMap(({ name, expected }) =>
      common
        .filter((scenario) => !Object.hasOwn(expected, scenario))
        .map((scenario) => `${name}: ${scenario}`),
    )
    expect(missing).toEqual([])
  })
})
