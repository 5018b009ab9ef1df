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
  /** Undefined: nothing is to be kept of this call. While nothing is switched on, this is one comparison. */
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
  let counts = new Map<CaptureScope, CaptureCounts>()
  let writing = Promise.resolve()
  let cancel: Cancel | undefined
  let isClosed = false

  function count(scope: CaptureScope, what: keyof CaptureCounts): void {
    const known = counts.get(scope) ?? { captured: 0, dropped: 0 }
    counts.set(scope, { ...known, [what]: known[what] + 1 })
    if (!isClosed) cancel ??= clock.after(WRITE_AFTER_MS, () => void flush())
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    do {
      const next = waiting.shift()
      const counted = counts
      counts = new Map()
      try {
        const calls = next === undefined ? [] : [toCall(next, keepMs)]
        if (calls.length > 0 || counted.size > 0) await store.insert(calls, counted, bounds)
      } catch (error) {
        report(error)
        if (next !== undefined) count(next.scope, 'dropped')
      }
      // Requests go first.
      if (!isClosed && waiting.length > 0) await new Promise<void>((resolve) => void clock.after(0, resolve))
    } while (waiting.length > 0)
  }

  function begin(rule: CaptureRule): OngoingCapture {
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
        const { scope } = rule
        if (scope === 'errors' && !hasFailed) return
        if (waiting.length >= MOST_WAITING || isClosed) return count(scope, 'dropped')
        const request = unread ?? (body === undefined ? undefined : copyJson(body, requestBytes))
        waiting.push({ id, path, at: clock.now(), scope, request, answer: toCopy(answer) })
        count(scope, 'captured')
      },
    }
  }

  return {
    begin(keyId) {
      const inForce = rules()
      if (inForce === undefined) return undefined
      const rule = findRule(inForce, { keyId, now: clock.now() })
      if (rule === undefined) return undefined
      if (ongoing < MOST_ONGOING) return begin(rule)
      count(rule.scope, 'dropped')
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
