/** Which models and which keys requests were for, by the minute: as many names as have room in an hour, and the rest together. */
import type { EndedCall } from './ended-call.ts'
import { inputTokensOf, plainName } from './kept-call.ts'

export const topKinds = ['model', 'key'] as const
export type TopKind = (typeof topKinds)[number]

/** Names that came when there was no more room. */
export const OTHERS = '*'
/** Requests without a key, where none is needed. */
export const NO_KEY_NAME = ''

export interface TopCounts {
  requests: number
  /** Of them, those that failed for another reason than what the client sent. */
  failures: number
  inputTokens: number
  outputTokens: number
}

export interface TopStep extends TopCounts {
  kind: TopKind
  /** The model, as clients named it, or the id of the key. */
  name: string
  /** The step's beginning, in milliseconds since the epoch. */
  at: number
}

export interface TopSteps {
  count(ended: EndedCall): void
  add(steps: readonly TopStep[]): void
  isEmpty(): boolean
  /** By steps of so many seconds, a minute at least. */
  steps(stepSeconds: number): TopStep[]
}

/** Answers the name by which it is counted. */
export type AdmitName = (kind: TopKind, name: string, at: number) => string

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Of each kind in an hour: what is stored is bounded by it, whatever clients may call their models. */
const MOST_NAMES = 200
/** Longer ones have no column. */
const LONGEST_NAME = 64

/** Who comes first has a name, for the rest of that hour. */
export function createNameAdmission(most = MOST_NAMES): AdmitName {
  let hour = 0
  const known: Record<TopKind, Set<string>> = { model: new Set(), key: new Set() }
  return (kind, name, at) => {
    const now = at - (at % HOUR_MS)
    if (now !== hour) for (const each of topKinds) known[each].clear()
    hour = now
    if (known[kind].has(name)) return name
    if (known[kind].size >= most || name.length > LONGEST_NAME) return OTHERS
    known[kind].add(name)
    return name
  }
}

export function createTopSteps(admit: AdmitName): TopSteps {
  const minutes = new Map<string, TopStep>()

  return {
    count(ended) {
      const at = ended.endedAt - (ended.endedAt % MINUTE_MS)
      const counts = countsOf(ended)
      const model = modelOf(ended)
      if (model !== undefined)
        addTo(minutes, { kind: 'model', name: admit('model', model, at), at, ...counts })
      const key = keyOf(ended)
      if (key !== undefined) addTo(minutes, { kind: 'key', name: admit('key', key, at), at, ...counts })
    },
    add(steps) {
      for (const step of steps) addTo(minutes, step)
    },
    isEmpty: () => minutes.size === 0,
    steps(stepSeconds) {
      const merged = new Map<string, TopStep>()
      const stepMs = stepSeconds * 1000
      for (const step of minutes.values()) addTo(merged, { ...step, at: step.at - (step.at % stepMs) })
      return [...merged.values()]
    },
  }
}

function addTo(steps: Map<string, TopStep>, more: TopStep): void {
  const place = `${more.at} ${more.kind} ${more.name}`
  const known = steps.get(place)
  if (known === undefined) steps.set(place, { ...more })
  else addTopCounts(known, more)
}

function addTopCounts(to: TopCounts, more: TopCounts): void {
  to.requests += more.requests
  to.failures += more.failures
  to.inputTokens += more.inputTokens
  to.outputTokens += more.outputTokens
}

const failed: ReadonlySet<EndedCall['outcome']> = new Set(['throttled', 'upstream-error', 'shed'])

function countsOf({ outcome, call }: EndedCall): TopCounts {
  const usage = call?.usage
  return {
    requests: 1,
    failures: failed.has(outcome) ? 1 : 0,
    inputTokens: usage === undefined ? 0 : inputTokensOf(usage),
    outputTokens: usage?.outputTokens ?? 0,
  }
}

/** What was refused before anybody looked for a model, or named none that there is, says nothing about models. */
function modelOf({ call, failure, model }: EndedCall): string | undefined {
  return call === undefined || failure === 'model-not-found' ? undefined : plainName(model)
}

function keyOf({ keyId, failure }: EndedCall): string | undefined {
  return keyId ?? (failure === 'unauthenticated' ? undefined : NO_KEY_NAME)
}
