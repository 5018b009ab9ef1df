import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Tells the bytes that are in use, heap and buffers, after what is no longer needed has been given back. */
export function createMemoryMeter(): () => number {
  setFlagsFromString('--expose-gc')
  const collectGarbage: unknown = runInNewContext('gc')
  return () => {
    // Twice: array buffers that the first finds are given back in the background and counted out by the second.
    for (let round = 0; round < 2; round++) if (typeof collectGarbage === 'function') collectGarbage()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
}

export function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}
