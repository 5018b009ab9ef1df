/** One conversation with one model: what was said, the answer that is coming, and what can be done about them. */
import { signal, type ReadonlySignal } from '@preact/signals'
import { readSession } from '../../../state/session.ts'
import { factsOf } from '../answer/answer-facts.ts'
import { NO_ANSWER } from '../answer/answer.ts'
import { playAnswer, type Progress } from '../answer/play-answer.ts'
import { addToLog, beginLog, type RawEvent, type RawLog } from '../answer/raw-log.ts'
import { dialects } from '../dialects.ts'
import { textAt } from '../json.ts'
import type { CallResult, Turn, Wishes } from '../request/turns.ts'
import { writeRequest } from '../request/write-request.ts'
import { sendTrial } from './send-trial.ts'
import { addNode, chooseNode, endAt, nodeOf, NO_TREE, replaceTurn, turnsTo, type Tree } from './tree.ts'

export interface Running extends Progress {
  /** The turn that it becomes. */
  nodeId: string
}

export interface LaneWishes extends Wishes {
  /** Empty: whichever account the gateway chooses. */
  accountId: string
}

export interface Lane {
  tree: ReadonlySignal<Tree>
  running: ReadonlySignal<Running | undefined>
  /** Of the latest answer. */
  log: ReadonlySignal<RawLog | undefined>
  /** Says something at the end of what is shown, and has it answered. */
  say(turn: Turn): void
  /** Says it as the beginning of another conversation, beside those that there are. */
  begin(turn: Turn): void
  /** Says it in place of this turn, as a branch beside it. */
  sayInstead(nodeId: string, turn: Turn): void
  /** Has it answered once more. */
  answerAgain(nodeId: string): void
  giveResults(nodeId: string, results: readonly CallResult[]): void
  choose(nodeId: string): void
  branchAfter(nodeId: string): void
  stop(): void
  show(tree: Tree): void
}

export function createLane(wishes: () => LaneWishes): Lane {
  const tree = signal<Tree>(NO_TREE)
  const running = signal<Running | undefined>(undefined)
  const log = signal<RawLog | undefined>(undefined)
  let stopping = new AbortController()

  function add(parentId: string | undefined, turn: Turn): string {
    const id = crypto.randomUUID()
    tree.value = addNode(tree.value, { id, parentId, turn })
    return id
  }

  async function answer(parentId: string): Promise<void> {
    stop()
    const own = new AbortController()
    stopping = own
    const { accountId, ...wished } = wishes()
    const request = writeRequest(wished, turnsTo(tree.value, parentId))
    const path = dialects[request.dialect].trialPath
    const begun: Progress = { answer: NO_ANSWER, facts: factsOf(textAt(request.body, 'model') ?? '') }
    const nodeId = add(parentId, { role: 'assistant', ...begun })
    running.value = { nodeId, ...begun }
    log.value = beginLog(path, request)
    const paint = createPainter((progress: Progress, events) => {
      if (own !== stopping) return
      running.value = { nodeId, ...progress }
      if (log.value !== undefined && events.length > 0) log.value = addToLog(log.value, events)
    })
    const last = await playAnswer({
      request,
      signal: own.signal,
      send: (body, leaving) => sendTrial(path, { body, accountId, signal: leaving }),
      now: () => performance.now(),
      onProgress: (progress, events) => paint.note(progress, events),
    })
    paint.finish()
    tree.value = replaceTurn(tree.value, nodeId, { role: 'assistant', ...last })
    if (running.value?.nodeId === nodeId) running.value = undefined
    // The session may have ended; who asks finds out.
    if (last.facts.status === 401) void readSession()
  }

  function stop(): void {
    stopping.abort()
  }

  return {
    tree,
    running,
    log,
    say(turn) {
      void answer(add(tree.value.leafId, turn))
    },
    begin(turn) {
      void answer(add(undefined, turn))
    },
    sayInstead(nodeId, turn) {
      void answer(add(nodeOf(tree.value, nodeId)?.parentId, turn))
    },
    answerAgain(nodeId) {
      const parentId = nodeOf(tree.value, nodeId)?.parentId
      if (parentId !== undefined) void answer(parentId)
    },
    giveResults(nodeId, results) {
      void answer(add(nodeId, { role: 'results', results }))
    },
    choose(nodeId) {
      tree.value = chooseNode(tree.value, nodeId)
    },
    branchAfter(nodeId) {
      tree.value = endAt(tree.value, nodeId)
    },
    stop,
    show(shown) {
      stop()
      running.value = undefined
      log.value = undefined
      tree.value = shown
    },
  }
}

/** However often there is news, it is shown once a frame. */
function createPainter(paint: (progress: Progress, events: readonly RawEvent[]) => void) {
  let latest: Progress | undefined
  let events: RawEvent[] = []
  let frame: number | undefined

  function flush(): void {
    frame = undefined
    if (latest !== undefined) paint(latest, events)
    latest = undefined
    events = []
  }
  return {
    note(progress: Progress, added: readonly RawEvent[]): void {
      latest = progress
      events.push(...added)
      frame ??= requestAnimationFrame(flush)
    },
    finish(): void {
      if (frame !== undefined) cancelAnimationFrame(frame)
      flush()
    },
  }
}
