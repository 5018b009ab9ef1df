/** A spill for tests: what is in its files outlives the processes that share it. */
import type { SpilledTokens, TokenSpill } from './token-keeper.ts'

const never = () => false

export function createMemorySpill() {
  const files: SpilledTokens[] = []
  let isBroken = never

  const dropWhere = (isGone: (file: SpilledTokens) => boolean) => {
    for (const file of files.filter(isGone)) files.splice(files.indexOf(file), 1)
  }

  function of(): TokenSpill {
    return {
      async write(spilled) {
        if (isBroken()) throw new Error('spill disk full')
        files.unshift(spilled)
      },
      find: async (id, version) => files.find((file) => file.id === id && file.version === version),
      list: async () => [...files],
      async remove(id, upToVersion) {
        dropWhere((file) => file.id === id && file.version <= upToVersion)
      },
      async setAside({ id, version }) {
        dropWhere((file) => file.id === id && file.version === version)
      },
    }
  }

  return {
    files,
    of,
    failWhen(condition: () => boolean) {
      isBroken = condition
    },
  }
}
