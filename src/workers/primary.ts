/** The primary process: starts workers, gives each new connection to one of them, and fills the places of those that die. */
import cluster, { type Worker } from 'node:cluster'
import type { Cancel, Clock } from '../clock.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { toPrimary, type ToPrimary, type ToWorker } from './messages.ts'
import { PLACE_VARIABLE, writePlace } from './place.ts'
import { createRestartDelay, type RestartDelay } from './restart-delay.ts'
import { createConnectionReturn, LAST_WORDS_MS } from './return-connections.ts'
import { SETTINGS_VARIABLE, writeSettings } from './settings-of-others.ts'
import { createSlotKeeper } from './slot-keeper.ts'

interface PrimaryParts {
  count: number
  /** The file that a worker runs. */
  program: string
  /** Of all workers, now and later, so that all of them have the same settings. */
  environment: Readonly<Record<string, string | undefined>>
  clock: Clock
  /** Workers that were told to stop have so long; then they are ended. */
  goodbyeMs: number
  /** All workers have taken connections. Told once. */
  onReady: (url: string) => void
  onStart: (start: { worker: number; processId: number | undefined }) => void
  /** A worker has ended that was not told to; its place is filled after `delayMs`. */
  onDeath: (death: WorkerEnd & { worker: number; delayMs: number }) => void
  /** All workers have ended. `reason`: why not even the first one could start, if it said so. */
  onEnd: (exitCode: number, reason?: string) => void
}

interface WorkerEnd {
  exitCode: number | null
  signal: string | null
  /** What the worker itself said. */
  reason?: string
}

export interface Primary {
  /** Lets all workers finish their open answers and end. */
  stop(): void
  /** Ends all workers at once. */
  kill(): void
}

type Occupancy =
  | { kind: 'empty'; cancelStart?: Cancel }
  | { kind: 'starting' | 'ready'; worker: Worker; startedAt: number; failure?: string }

/** What stays when one worker follows another. */
interface Post {
  number: number
  occupancy: Occupancy
  /** Some worker of this place has taken connections. */
  wasReady: boolean
  restartDelay: RestartDelay
}

export function startPrimary(parts: PrimaryParts): Primary {
  const { count, clock } = parts
  // A connection waits in the primary until a worker has taken it, so one that dies takes only its own along.
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({ exec: parts.program, args: process.argv.slice(2) })
  const posts = Array.from({ length: count }, (_, index): Post => {
    return {
      number: index + 1,
      occupancy: { kind: 'empty' },
      wasReady: false,
      restartDelay: createRestartDelay(),
    }
  })
  const slots = createSlotKeeper((number, accountId) => {
    tell(workerOf(posts[number - 1]), { kind: 'slot-offered', accountId })
  })
  const returnConnectionsOf = createConnectionReturn()
  const hasStarted = () => posts.some(({ wasReady }) => wasReady)
  let isStopping = false
  let exitCode = 0
  /** With which the first one began. */
  let settings: Readonly<Record<string, string>> | undefined

  function start(post: Post): void {
    const { number } = post
    const worker = cluster.fork({
      ...parts.environment,
      [PLACE_VARIABLE]: writePlace({ number, count }),
      [SETTINGS_VARIABLE]: settings && writeSettings(settings),
    })
    const isHere = () => workerOf(post) === worker
    returnConnectionsOf(worker)
    post.occupancy = { kind: 'starting', worker, startedAt: clock.elapsed() }
    parts.onStart({ worker: number, processId: worker.process.pid })
    worker.on('message', (sent: unknown) => {
      const { data: message } = toPrimary.safeParse(sent)
      if (message !== undefined && isHere()) hear(post, worker, message)
    })
    worker.on('exit', (code: number | null, signal: string | null) => {
      // First what it has said before is read.
      clock.after(isStopping ? 0 : LAST_WORDS_MS, () => {
        if (isHere()) noteEnd(post, { exitCode: code, signal })
      })
    })
    worker.on('error', () => {
      // A message that could not be delivered: the exit tells the rest. Without a process there is none.
      if (worker.process.pid === undefined && isHere()) noteEnd(post, { exitCode: 1, signal: null })
    })
  }

  function hear(post: Post, worker: Worker, message: ToPrimary): void {
    const { number, occupancy } = post
    switch (message.kind) {
      case 'ready':
        settings ??= message.settings
        return noteReady(post, message.url)
      case 'failed':
        if (occupancy.kind !== 'empty') occupancy.failure = message.reason
        return undefined
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
    const isFirst = !hasStarted()
    const isNew = !post.wasReady
    if (post.occupancy.kind === 'starting') post.occupancy = { ...post.occupancy, kind: 'ready' }
    post.wasReady = true
    // The first one alone has brought the database up to date and made the master key.
    if (isFirst && !isStopping) posts.filter(({ number }) => number !== post.number).forEach(start)
    if (isNew && posts.every(({ wasReady }) => wasReady)) parts.onReady(url)
  }

  function noteEnd(post: Post, end: WorkerEnd): void {
    const { occupancy, number } = post
    if (occupancy.kind === 'empty') return
    post.occupancy = { kind: 'empty' }
    slots.releaseAll(number)
    const reason = occupancy.failure
    // One that was told to end while it started has done nothing wrong.
    if (isStopping) return endIfEmpty(occupancy.kind === 'ready' ? end : undefined)
    // Settings that work for nobody do not get better by trying; once they have worked, the fault may pass.
    if (!hasStarted()) return parts.onEnd(end.exitCode ?? 1, reason)
    const delayMs = post.restartDelay.after({
      livedMs: clock.elapsed() - occupancy.startedAt,
      isAlone: posts.every((each) => each.occupancy.kind !== 'ready'),
    })
    parts.onDeath({ worker: number, ...end, ...(reason !== undefined && { reason }), delayMs })
    post.occupancy = { kind: 'empty', cancelStart: clock.after(delayMs, () => start(post)) }
  }

  function stop(): void {
    if (isStopping) return
    isStopping = true
    clock.after(parts.goodbyeMs, kill)
    for (const { occupancy } of posts) {
      if (occupancy.kind === 'empty') occupancy.cancelStart?.()
      else if (occupancy.kind === 'ready') tell(occupancy.worker, { kind: 'stop' })
      // One that is still starting has nothing to finish.
      else occupancy.worker.process.kill('SIGTERM')
    }
    endIfEmpty()
  }

  function endIfEmpty(end?: WorkerEnd): void {
    if (end !== undefined) exitCode ||= end.exitCode ?? 1
    if (posts.every(({ occupancy }) => occupancy.kind === 'empty')) parts.onEnd(exitCode)
  }

  function kill(): void {
    for (const post of posts) workerOf(post)?.process.kill('SIGKILL')
  }

  posts.slice(0, 1).forEach(start)
  return { stop, kill }
}

function workerOf(post: Post | undefined): Worker | undefined {
  return post === undefined || post.occupancy.kind === 'empty' ? undefined : post.occupancy.worker
}

/** A worker that dies meanwhile needs to be told nothing. */
function tell(worker: Worker | undefined, message: ToWorker): void {
  worker?.send(message, () => {})
}
