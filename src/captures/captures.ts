/**
 * Keeps what was said in calls, while an operator wants it. A request copies no more than a bounded piece; what is kept of
 * that is made and stored in the background, and is left out, and counted, where there is too much at once.
 */
import type { Cancel, Clock } from '../clock.ts'
import { createAnswerCopy, type AnswerCopy } from './answer-copy.ts'
import { COPIED_BYTES, type CapturedCall } from './captured-body.ts'
import { findRule, type CaptureRule, type CaptureScope, type RulesInForce } from './capture-rule.ts'
import type { CaptureBounds, CaptureCounts, CaptureStore } from './capture-store.ts'
import { copyJson, makeBody, type BodyCopy } from './make-bodies.ts'

/** How a call ended, as whoever served it tells. */
export interface CaptureEnd {
  id: string
  path: string
  /** As it was parsed; undefined: it was not. */
  body: unknown
  /** It failed, and not because its client left. */
  hasFailed: boolean
}

/** A call that is under way, and of which something may be kept. */
export interface OngoingCapture {
  /** The request as it came, whether it is JSON or not. */
  noteRequest(bytes: Uint8Array): void
  /** No JSON: then the bytes themselves are all there is. */
  keepUnread(bytes: Uint8Array): void
  readonly answer: Pick<AnswerCopy, 'add'>
  /** To be called once. Never throws. */
  end(ended: CaptureEnd): void
}

export interface Captures {
  /**
   * Undefined: nothing is to be kept of this call. While nothing is switched on, this is one comparison. What is under way
   * when recording ends or is switched off is not kept either.
   */
  begin(keyId: string | undefined): OngoingCapture | undefined
  /** Forgets what waits to be stored. */
  forgetWaiting(): void
  /** Resolves when what waits now is stored. */
  flush(): Promise<void>
  close(): Promise<void>
}

interface CapturesParts {
  rules: () => RulesInForce
  store: Pick<CaptureStore, 'insert'>
  keepMs: number
  bounds: CaptureBounds
  clock: Clock
  /** Told when nothing can be stored, once until it can be again. */
  report: (error: unknown) => void
}

interface Waiting {
  id: string
  path: string
  at: number
  scope: CaptureScope
  request: BodyCopy | undefined
  answer: BodyCopy | undefined
}

const WRITE_AFTER_MS = 250
/** Each copy has up to 136 kB. */
const MOST_ONGOING = 200
const MOST_WAITING = 50

export function createCaptures(parts: CapturesParts): Captures {
  const { rules, store, keepMs, bounds, clock, report } = parts
  let ongoing = 0
  let waiting: Waiting[] = []
  let dropped = new Map<CaptureScope, number>()
  let isFailing = false
  let writing = Promise.resolve()
  let cancel: Cancel | undefined
  let isClosed = false

  function drop(scope: CaptureScope, calls = 1): void {
    dropped.set(scope, (dropped.get(scope) ?? 0) + calls)
  }

  function writeSoon(): void {
    if (!isClosed) cancel ??= clock.after(WRITE_AFTER_MS, () => void flush())
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    // Those that come meanwhile are written later, so that whoever waits for these does not wait for ever.
    for (let left = Math.max(1, waiting.length); left > 0; left -= 1) {
      await writeNext()
      // Requests go first.
      if (!isClosed && left > 1) await new Promise<void>((resolve) => void clock.after(0, resolve))
    }
    if (waiting.length > 0) writeSoon()
  }

  async function writeNext(): Promise<void> {
    const next = waiting.shift()
    const left = dropped
    dropped = new Map()
    if (next === undefined && left.size === 0) return
    try {
      await store.insert(next === undefined ? [] : [toCall(next, keepMs)], countsOf(next, left), bounds)
      isFailing = false
    } catch (error) {
      if (!isFailing) report(error)
      isFailing = true
      // They are told with the next call.
      for (const [scope, calls] of left) drop(scope, calls)
      if (next !== undefined) drop(next.scope)
    }
  }

  function ruleFor(keyId: string | undefined): CaptureRule | undefined {
    const inForce = rules()
    return inForce && findRule(inForce, { keyId, now: clock.now() })
  }

  function begin(keyId: string | undefined): OngoingCapture {
    const answer = createAnswerCopy()
    let requestBytes = 0
    let unread: BodyCopy | undefined
    ongoing += 1
    return {
      answer,
      noteRequest(bytes) {
        requestBytes = bytes.length
      },
      keepUnread(bytes) {
        const text = Buffer.from(bytes.subarray(0, COPIED_BYTES)).toString()
        unread = { form: 'text', text, bytes: bytes.length, isCut: bytes.length > COPIED_BYTES }
      },
      end({ id, path, body, hasFailed }) {
        ongoing -= 1
        const scope = ruleFor(keyId)?.scope
        if (scope === undefined || (scope === 'errors' && !hasFailed)) return
        writeSoon()
        if (waiting.length >= MOST_WAITING || isClosed) return drop(scope)
        const request = unread ?? (body === undefined ? undefined : copyJson(body, requestBytes))
        waiting.push({ id, path, at: clock.now(), scope, request, answer: toCopy(answer) })
      },
    }
  }

  return {
    begin(keyId) {
      const rule = ruleFor(keyId)
      if (rule === undefined) return undefined
      if (ongoing < MOST_ONGOING) return begin(keyId)
      drop(rule.scope)
      writeSoon()
      return undefined
    },
    forgetWaiting() {
      waiting = []
    },
    flush,
    close() {
      isClosed = true
      return flush()
    },
  }
}

function countsOf(
  next: Waiting | undefined,
  dropped: ReadonlyMap<CaptureScope, number>,
): Map<CaptureScope, CaptureCounts> {
  const counts = new Map(Array.from(dropped, ([scope, calls]) => [scope, { captured: 0, dropped: calls }]))
  if (next !== undefined) counts.set(next.scope, { captured: 1, dropped: dropped.get(next.scope) ?? 0 })
  return counts
}

function toCopy(answer: AnswerCopy): BodyCopy | undefined {
  const bytes = answer.bytes()
  if (bytes === 0) return undefined
  const text = answer.text()
  // An answer is one or the other.
  const form = text.startsWith('{') ? 'json-text' : 'stream'
  return { form, text, bytes, isCut: bytes > COPIED_BYTES }
}

function toCall({ id, path, at, request, answer }: Waiting, keepMs: number): CapturedCall {
  return {
    id,
    at,
    expiresAt: at + keepMs,
    path,
    ...(request && { request: makeBody(request) }),
    ...(answer && { answer: makeBody(answer) }),
  }
}
