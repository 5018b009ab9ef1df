/** A process of test/full/round-trips.ts: every so-manieth of its seeds, until they or the time are over. */
import { performance } from 'node:perf_hooks'
import { checkSeed, createSeen } from './check-seed.ts'

const [seed = 0, until = 0, step = 1, longestMs = 0] = process.argv.slice(2).map(Number)
const seen = createSeen()
for (let next = seed; next < until && performance.now() < longestMs; next += step) checkSeed(next, seen)
process.send?.(seen)
