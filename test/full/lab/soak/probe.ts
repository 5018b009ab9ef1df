/**
 * Loaded into the gateway's process before its own program (`--import`): tells whoever started it, when asked, what only the
 * process itself can know. It leaves the program as it is, but for one collection of garbage in each moment of calm.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'
import { z } from 'zod'
import { createMemoryMeter } from '../memory-meter.ts'

/** The histogram has the time from one of its ticks to the next; what is beyond this is delay. */
const TICK_MS = 20
const NANOSECONDS_A_MS = 1e6

const order = z.object({ number: z.int(), kind: z.enum(['begin-load', 'end-load', 'rest']) })

/** Threads of the program inherit what Node was started with, and have nothing to tell. */
if (isMainThread) listen()

function listen(): void {
  const measureMemory = createMemoryMeter()
  const delay = monitorEventLoopDelay({ resolution: TICK_MS })

  const delayMs = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS_A_MS - TICK_MS)

  const answers = {
    /** Of the load that is over. */
    'end-load'() {
      delay.disable()
      const [p50Ms, p99Ms] = [delayMs(delay.percentile(50)), delayMs(delay.percentile(99))]
      return { p50Ms, p99Ms, maxMs: delayMs(delay.max) }
    },
    /** Of the calm after it. */
    rest() {
      const resources: Record<string, number> = {}
      for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1
      const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
      return { resources, listeners, heapBytes: measureMemory() }
    },
    /** Another load begins. */
    'begin-load'() {
      delay.reset()
      delay.enable()
      return {}
    },
  }

  process.on('message', (message) => {
    const { number, kind } = order.parse(message)
    process.send?.({ number, ...answers[kind]() })
  })
  // Alone it would never be ended.
  process.on('disconnect', () => process.exit())
  // Whether the program ends by itself is not to depend on who listens.
  process.channel?.unref()
}
