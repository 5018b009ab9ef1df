import { setFlagsFromString } from 'node:v8'

/** The one whose compiler the figures were measured on; another one may not know the flags, or do worse with them. */
const MEASURED_MAJOR = '24'

/**
 * A gateway does one thing many times: it pays to compile it for good early. By default V8 takes 3,000 calls for that and
 * goes through a compiler in between, which costs a fifth more processor time over the first ten thousand requests, and memory.
 */
const flags = [
  '--no-maglev',
  '--invocation-count-for-turbofan=200',
  '--minimum-invocations-after-ic-update=100',
  // Much becomes hot at the same moment; what finds the queue full has to wait for its next turn.
  '--concurrent-recompilation-queue-length=64',
]

/** To be called before anything else runs. */
export function tuneCompiler(nodeVersion: string): void {
  if (nodeVersion.split('.')[0] === MEASURED_MAJOR) flags.forEach((flag) => setFlagsFromString(flag))
}
