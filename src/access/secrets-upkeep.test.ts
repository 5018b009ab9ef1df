import { expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { DataKeys } from './data-keys.ts'
import { createSecrets } from './secrets.ts'
import { startSecretsUpkeep } from './secrets-upkeep.ts'

function start({ wornOut = false, taken = true, failing = false } = {}) {
  const done: string[] = []
  const secrets = createSecrets({
    masterKey: Buffer.alloc(32, 7),
    randomBytes: (size) => Buffer.alloc(size, 1),
  })
  let seal = 'aq2:1:'
  const keys: DataKeys = {
    secrets: {
      ...secrets,
      get currentSeal() {
        return seal
      },
    },
    reload: async () => void done.push('reload'),
    countUses: async () => {
      if (failing) throw new Error('no database')
    },
    isWornOut: () => wornOut && seal === 'aq2:1:',
    async rotate() {
      seal = 'aq2:2:'
      done.push('rotate')
      return '2'
    },
    forgetOldRows: async () => {},
  }
  const clock = createFakeClock(0)
  const upkeep = startSecretsUpkeep({
    keys,
    async resealAll() {
      done.push(`reseal ${seal}`)
      return { resealed: 0, unreadable: 0 }
    },
    leases: { take: async () => taken, release: async () => {} },
    processId: 'me',
    clock,
    report: () => void done.push('report'),
    tell: () => {},
  })
  return { done, clock, upkeep }
}

it('S22: new data keys are learned every five seconds, and values sealed anew once', async () => {
  const { done, clock, upkeep } = start()
  clock.advance(4999)
  expect(done).toEqual([])
  clock.advance(1)
  await upkeep.look()
  expect(done).toEqual(['reload', 'reseal aq2:1:', 'reload'])
  await upkeep.close()
})

it('S22: a data key that is worn out is rotated, and values follow', async () => {
  const { done, upkeep } = start({ wornOut: true })
  await upkeep.look()
  expect(done).toEqual(['reload', 'rotate', 'reseal aq2:2:'])
  await upkeep.close()
})

it('leaves sealing anew to the process that has taken it on', async () => {
  const { done, upkeep } = start({ taken: false })
  await upkeep.look()
  expect(done).toEqual(['reload'])
  await upkeep.close()
})

it('reports once that the database fails', async () => {
  const { done, upkeep } = start({ failing: true })
  await upkeep.look()
  await upkeep.look()
  expect(done).toEqual(['report'])
})
