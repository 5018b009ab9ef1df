/**
 * Five hundred hostile names and more in every place of the console that shows one: nothing of them runs or becomes an element,
 * no page is wider than its window, and each is read as it was given; or of as many as ten minutes allow.
 * Run: node test/full/hostile-names.ts [seed] [count]
 */
import { startBrowserLab } from '../browser/browser-lab.ts'
import { listHostileNames } from './hostile/hostile-names.ts'
import { createRandom } from './hostile/random.ts'
import { expectEnough } from './lab/enough-done.ts'
import { lookAtNames } from './lab/names/look-at-names.ts'
import { startNamedGateway } from './lab/names/named-gateway.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 540
const BATCH = 54
const AT_ONCE = 2
/** What was not begun by then is left out. */
const LONGEST_MS = 10 * 60_000

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const names = listHostileNames(createRandom(seed), count)
const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, at) => ({
  at,
  batch: names.slice(at * BATCH, (at + 1) * BATCH),
}))
const faults = new Set<string>()
let looks = 0
let shown = 0
let refused = 0
const startedAt = Date.now()
const lab = await startBrowserLab()
try {
  await Promise.all(Array.from({ length: AT_ONCE }, workThrough))
} finally {
  await lab.close()
}
const seconds = Math.round((Date.now() - startedAt) / 1000)
print(
  `Seed ${seed}: ${shown} of ${names.length} names, of which ${refused} were refused somewhere, in ${looks} looks, ${seconds} s: ${faults.size} faults`,
)
process.exitCode = faults.size === 0 && looks > 0 ? 0 : 1
expectEnough(shown, names.length)

async function workThrough(): Promise<void> {
  for (let next = batches.shift(); next !== undefined; next = batches.shift()) {
    if (Date.now() - startedAt > LONGEST_MS) return
    const { at, batch } = next
    const named = await startNamedGateway(batch)
    try {
      for await (const looked of lookAtNames({ lab, named, names: batch, isPhone: at % 2 === 1 })) {
        looks += looked.looks
        for (const fault of looked.faults) tell(fault)
      }
      shown += batch.length
      refused += named.refused
    } finally {
      await named.gateway.close()
    }
  }
}

/** As soon as it is found, and once. */
function tell(fault: string): void {
  if (!faults.has(fault)) print(fault)
  faults.add(fault)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
