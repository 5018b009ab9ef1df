import { describe, expect, it } from 'vitest'
import { environmentSchema } from '../src/config.ts'
import { CANARY, kinds } from './full/hostile/environment-kinds.ts'
import { checkEnvironment, hostileEnvironment } from './full/hostile/environment.ts'
import { checkProcess } from './full/hostile/environment-process.ts'
import { createRandom } from './full/hostile/random.ts'

const names = Object.keys(environmentSchema.shape)
const SEED = 20_261_122
const ROUNDS = 500

describe('an environment of any kind', () => {
  it('has values for every setting there is, and for no other', () => {
    expect(Object.keys(kinds).toSorted()).toEqual(names.toSorted())
  })

  it('F18: is read in full, or refused in one line that names the variable', () => {
    const outcomes = { taken: 0, refused: 0 }
    for (let round = 0; round < ROUNDS; round += 1) {
      const hostile = hostileEnvironment(createRandom(SEED + round), names)
      outcomes[checkEnvironment(hostile)] += 1
    }
    // Else it would have shown little.
    expect(outcomes.taken).toBeGreaterThan(ROUNDS / 10)
    expect(outcomes.refused).toBeGreaterThan(ROUNDS / 10)
  })

  it.each<[string, Record<string, string>, 'served' | 'refused']>([
    ['two master keys', { MASTER_KEY: 'a'.repeat(64), MASTER_KEY_FILE: '/nowhere' }, 'refused'],
    ['a key file of two lines', { MASTER_KEY_FILE: `/nowhere\naqueduct: ${CANARY}` }, 'refused'],
    ['a well-known password', { ADMIN_PASSWORD: 'change-me' }, 'refused'],
    ['names that mean nothing', { OPENAI_KEY: CANARY, __proto__x: CANARY, ＰＯＲＴ: '1' }, 'served'],
  ])('F18: ends a process with code 78 and one line, or serves: %s', async (_, environment, outcome) => {
    const expected = new Map(Object.keys(environment).map((name) => [name, false]))
    expect(await checkProcess({ environment, expected })).toBe(outcome)
  })
})
