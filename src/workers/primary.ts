/** The primary process: starts workers, gives each new connection to one of them, and fills the places of those that die. */
import cluster, { type Worker } from 'node:cluster'
import type { Cancel, Clock } from '../clock.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { toPrimary, type ToPrimary, type ToWorker } from './messages.ts'
import { PLACE_VARIABLE, writePlace } from './place.ts'
import { createRestartDelay, type RestartDelay } from './restart-delay.ts'
import { returnConnectionsAtDeath } from './return-connections.ts'
import { createSlotKeeper } from './slot-keeper.ts'

interface PrimaryParts {
  count: number
  /** The file that a worker runs. */
  program: string
  /** With this exit code a worker says that starting it again will not help. */
  hopelessExitCode: number
  clock: Clock
  /** All workers take connections, for the first time. */
  onReady: (url: string) => void
  onStart: (start: { worker: number; processId: number | undefined }) => void
  /** A worker has ended that was not told to; its place is filled after `delayMs`. */
  onDeath: (death: {
    worker: number
    exitCode: number | null
    signal: string | null
    delayMs: number
  }) => void
  /** All workers have ended. */
  onEnd: (exitCode: number) => void
}

export interface Primary {
  /** Lets all workers finish their open answers and end. */
  stop(): void
  /** Ends all workers at once. */
  kill(): void
}

/** What stays when one worker follows another. */
interface Post {
  number: number
  worker?: Worker
  isReady: boolean
  startedAt: number
  restartDelay: RestartDelay
  cancelRestart?: Cancel
}

export function startPrimary(parts: PrimaryParts): Primary {
  const { count, clock } = parts
  // A connection waits in the primary until a worker has taken it, so one that dies takes only its own along.
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({ exec: parts.program, args: process.argv.slice(2) })
  const posts = Array.from({ length: count }, (_, index): Post => {
    return { number: index + 1, isReady: false, startedAt: 0, restartDelay: createRestartDelay() }
  })
  const slots = createSlotKeeper((number, accountId) => {
    tell(posts[number - 1]?.worker, { kind: 'slot-offered', accountId })
  })
  /** Of workers that have been ready once. */
  const proven = new Set<number>()
  let isStopping = false
  let exitCode = 0

  function start(post: Post): void {
    const { number } = post
    const worker = cluster.fork({ [PLACE_VARIABLE]: writePlace({ number, count }) })
    returnConnectionsAtDeath(worker)
    Object.assign(post, { worker, isReady: false, startedAt: clock.elapsed() })
    parts.onStart({ worker: number, processId: worker.process.pid })
    worker.on('message', (sent: unknown) => {
      const { data: message } = toPrimary.safeParse(sent)
      if (message !== undefined && post.worker === worker) hear(post, worker, message)
    })
    worker.on('exit', (code: number | null, signal: string | null) => {
      if (post.worker === worker) noteEnd(post, { exitCode: code, signal })
    })
    worker.on('error', () => {
      // A message that could not be delivered: the exit tells the rest. Without a process there is none.
      if (worker.process.pid === undefined && post.worker === worker)
        noteEnd(post, { exitCode: 1, signal: null })
    })
  }

  function hear(post: Post, worker: Worker, message: ToPrimary): void {
    const { number } = post
    switch (message.kind) {
      case 'ready':
        return noteReady(post, message.url)
      case 'take-slot': {
        const { turn, accountId, limit } = message
        return tell(worker, { kind: 'slot', turn, accountId, granted: slots.take(number, accountId, limit) })
      }
      case 'release-slot':
        return slots.release(number, message.accountId)
      default:
        return unreachable(message)
    }
  }

  function noteReady(post: Post, url: string): void {
    post.isReady = true
    const isFirst = proven.size === 0
    const isNew = !proven.has(post.number)
    proven.add(post.number)
    // The first one alone has brought the database up to date and made the master key.
    if (isFirst && !isStopping) posts.filter(({ number }) => number !== post.number).forEach(start)
    if (isNew && proven.size === count) parts.onReady(url)
  }

  function noteEnd(post: Post, end: { exitCode: number | null; signal: string | null }): void {
    delete post.worker
    slots.releaseAll(post.number)
    const isHopeless = end.exitCode === parts.hopelessExitCode || proven.size === 0
    if (isStopping || isHopeless) {
      // One that was told to end while it started has done nothing wrong.
      if (!isStopping || post.isReady) exitCode ||= end.exitCode ?? 1
      return isStopping ? endIfEmpty() : stop()
    }
    const delayMs = post.restartDelay.after(clock.elapsed() - post.startedAt)
    parts.onDeath({ worker: post.number, ...end, delayMs })
    post.cancelRestart = clock.after(delayMs, () => start(post))
  }

  function stop(): void {
    if (isStopping) return
    isStopping = true
    for (const { worker, isReady, cancelRestart } of posts) {
      cancelRestart?.()
      // One that is still starting has nothing to finish.
      if (isReady) tell(worker, { kind: 'stop' })
      else worker?.process.kill('SIGTERM')
    }
    endIfEmpty()
  }

  function endIfEmpty(): void {
    if (posts.every(({ worker }) => worker === undefined)) parts.onEnd(exitCode)
  }

  posts.slice(0, 1).forEach(start)
  return {
    stop,
    kill: () => posts.forEach(({ worker }) => worker?.process.kill('SIGKILL')),
  }
}

/** A worker that dies meanwhile needs to be told nothing. */
function tell(worker: Worker | undefined, message: ToWorker): void {
  worker?.send(message, () => {})
}
