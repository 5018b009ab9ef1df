import { Worker } from 'node:worker_threads'
import * as z from 'zod'

/** Counts one batch of texts after another. */
export interface CountingThread {
  count(texts: readonly string[]): void
  end(): Promise<void>
}

/** None comes before `startCountingThread` has returned, none after `end`. */
export interface ThreadEvents {
  /** The vocabulary is loaded. */
  ready(): void
  counted(counts: readonly number[]): void
  /** It has ended by itself, for good. */
  failed(error: unknown): void
}

/** What the vocabulary and its cache take is some 100 MB. */
const HEAP_MEGABYTES = 384

/** Sources run as they are; a bundle has the worker's bundle beside it. */
const program = new URL(import.meta.url.endsWith('.ts') ? 'worker.ts' : 'token-counts.js', import.meta.url)
const messageSchema = z.union([z.literal('ready'), z.array(z.number())])

export function startCountingThread(events: ThreadEvents): CountingThread {
  const worker = new Worker(program, {
    name: 'token-counts',
    // It gets texts and nothing else: none of the secrets that an environment may hold.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  // Alone it keeps no process alive.
  worker.unref()
  worker.on('message', (sent) => {
    const message = messageSchema.parse(sent)
    if (message === 'ready') events.ready()
    else events.counted(message)
  })
  worker.on('error', (error) => events.failed(error))
  worker.on('exit', (exitCode) => events.failed(new Error(`the thread ended with exit code ${exitCode}`)))
  return {
    count: (texts) => worker.postMessage(texts, []),
    async end() {
      worker.removeAllListeners()
      // One that is out of memory says so while it ends.
      worker.on('error', () => {})
      await worker.terminate()
    },
  }
}
