/** Our event-stream decoder is at least three times as fast as the official codec, both with JSON.parse, side by side. */
import { compareDecoders } from '../../bench/event-stream.ts'

const LEAST_RATIO = 3

const ratio = compareDecoders()
process.stdout.write(`least ratio ${ratio.toFixed(2)}, demanded ${LEAST_RATIO}\n`)
if (ratio < LEAST_RATIO) process.exitCode = 1
