/** The pool's promises over a million commands in any order (test/pool-steps.ts). Run: node test/full/pool-steps.ts [steps] [seed] */
import { performance } from 'node:perf_hooks'
import { playPool } from '../pool-steps.ts'

const [wanted = 1_000_000, seed = 1] = process.argv.slice(2).map(Number)
const start = performance.now()
const { steps, lent } = await playPool({ steps: wanted, seed })
const seconds = (performance.now() - start) / 1000
process.stdout.write(`${steps} steps, ${lent} leases, no promise broken, ${seconds.toFixed(0)} s\n`)
