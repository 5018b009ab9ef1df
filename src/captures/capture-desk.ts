/** What operators do about the bodies of calls. Each switching and each reading is recorded, and in force here before it is acknowledged. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { GATEWAY, type Actor, type EventRecorder, type Happening } from '../events/event.ts'
import type { CaptureRule, CaptureScope, CountedRule } from './capture-rule.ts'
import type { CaptureRules } from './capture-rules.ts'
import type { CapturedCall } from './captured-body.ts'
import type { CaptureStore, KeptSummary } from './capture-store.ts'
import type { Captures } from './captures.ts'

export interface CaptureState {
  /** 0: it cannot be switched on. */
  keepHours: number
  rules: CountedRule[]
  kept: KeptSummary
}

interface CaptureWish {
  scope: CaptureScope
  keyId?: string
  minutes: number
}

export interface CaptureDesk {
  state(): Promise<CaptureState>
  /** In place of the rule of that scope. Throws `invalid-request` where the operator keeps none at all. */
  switchOn(wish: CaptureWish, actor: Actor): Promise<CaptureState>
  /** Throws `not-found` when it is not on. */
  switchOff(scope: CaptureScope, actor: Actor): Promise<CaptureState>
  /** Forgets all that is kept; what is switched on stays so. Answers how many calls that were. */
  purge(actor: Actor): Promise<number>
  /** Throws `not-found` when nothing is kept of the call. */
  read(callId: string, actor: Actor): Promise<CapturedCall>
}

interface CaptureDeskParts {
  store: CaptureStore
  rules: Pick<CaptureRules, 'reload'>
  captures: Pick<Captures, 'flush' | 'forgetWaiting'>
  events: EventRecorder
  keepHours: number
  clock: Pick<Clock, 'now'>
}

const MINUTE_MS = 60_000

export function createCaptureDesk(parts: CaptureDeskParts): CaptureDesk {
  const { store, rules, captures, events, keepHours, clock } = parts

  async function state(): Promise<CaptureState> {
    await captures.flush()
    const now = clock.now()
    const stored = await store.listRules()
    return { keepHours, rules: stored.filter(({ endsAt }) => endsAt > now), kept: await store.summarize(now) }
  }

  return {
    state,
    async switchOn({ scope, keyId, minutes }, actor) {
      if (keepHours === 0) throw refuseAll()
      const startedAt = clock.now()
      const endsAt = startedAt + minutes * MINUTE_MS
      const rule: CaptureRule = { scope, startedAt, endsAt, ...(keyId !== undefined && { keyId }) }
      const after = { until: toText(endsAt), ...(keyId !== undefined && { key: keyId }) }
      await store.putRule(rule, tell('capture-started', scope, { actor, after }))
      await rules.reload()
      return state()
    },
    async switchOff(scope, actor) {
      const isThere = await store.removeRule(scope, (rule) => tellEnd(rule, actor))
      await rules.reload()
      if (!isThere) {
        const message = 'Recording with this scope is not switched on; it may have ended by itself.'
        throw new GatewayError('not-found', message, { code: 'capture_not_on' })
      }
      return state()
    },
    async purge(actor) {
      captures.forgetWaiting()
      // What is being stored at this moment would else come behind it.
      await captures.flush()
      return store.purge(clock.now(), (calls) => ({ kind: 'captures-purged', actor, after: { calls } }))
    },
    async read(callId, actor) {
      await captures.flush()
      const found = await store.find(callId, clock.now())
      if (found === undefined) throw notKept(keepHours)
      await events.record({ kind: 'bodies-read', actor, subject: { kind: 'call', id: callId } })
      return found
    },
  }
}

/** Also of what ends by itself. */
export function tellEnd({ scope, captured, dropped }: CountedRule, actor: Actor = GATEWAY): Happening {
  return tell('capture-stopped', scope, { actor, after: { captured, dropped } })
}

function tell(
  kind: Happening['kind'],
  scope: CaptureScope,
  details: Pick<Happening, 'actor' | 'after'>,
): Happening {
  return { kind, subject: { kind: 'capture', id: scope }, ...details }
}

function refuseAll(): GatewayError {
  const message = 'Bodies are not kept here: CAPTURE_KEEP_HOURS is 0.'
  return new GatewayError('invalid-request', message, { code: 'capture_off' })
}

function notKept(keepHours: number): GatewayError {
  const message =
    keepHours === 0
      ? 'No bodies are kept here: CAPTURE_KEEP_HOURS is 0.'
      : `No bodies are kept of this call: recording was off when it was made, or they were left out under load, crowded out, purged, or older than ${keepHours} hours.`
  return new GatewayError('not-found', message, { code: 'bodies_not_kept' })
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
