import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { behaviourNames } from './replies/behaviour.ts'
import { createSwitchBoard } from './switches.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const { limits, ...switches } = createSwitchBoard({}).current()

describe('the README', () => {
  it.each([...behaviourNames, ...Object.keys(switches), ...Object.keys(limits)])('names %s', (name) => {
    expect(readme).toContain(`\`${name}\``)
  })
})
