/** Answers that clients want kept: found at once, stored a moment later, so that no answer waits for the database. */
import type { Clock } from '../clock.ts'
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { findJsonExcess } from '../conversation/json-shape.ts'
import { parseJson, parseJsonObject } from '../conversation/parse-json.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { FreshAnswer, KeptAnswer, KeptPart } from './kept-answer.ts'
import type { KeptAnswerStore, StoredAnswer, StoredPart } from './kept-answer-store.ts'
import { createWaitingAnswers } from './waiting-answers.ts'

/** What may be kept of one owner's. Read at each use. */
export interface KeepingLimits {
  /** 0: nothing is kept. */
  readonly days: number
  readonly answers: number
  readonly bytes: number
}

export interface KeptAnswers {
  /** False: nothing is kept, and nothing found. */
  readonly areKept: boolean
  /** From now on it is found. Never throws. */
  keep(answer: FreshAnswer): void
  find(id: string, owner: string): Promise<KeptAnswer | undefined>
  /**
   * An answer and all before it, the oldest first. Throws `invalid-request` when it, or something before it, is not there, or
   * when it is more than anybody should read again.
   */
  readThread(id: string, owner: string): Promise<KeptAnswer[]>
  /**
   * Parts of answers that have one of these items; `isWhole` says whether they are all that was looked for. Throws
   * `invalid-request` when they are too much.
   */
  findByItems(
    itemIds: readonly string[],
    owner: string,
    isWhole: (found: readonly KeptPart[]) => boolean,
  ): Promise<KeptPart[]>
  /** False: there is none. */
  remove(id: string, owner: string): Promise<boolean>
  /** Stores what waits for it. */
  close(): Promise<void>
}

interface KeptAnswersParts {
  store: KeptAnswerStore
  limits: KeepingLimits
  /** Whether other processes keep answers in the same place. */
  isShared: boolean
  clock: Clock
  report: (error: unknown) => void
  /** Told of an answer that could not be kept, as it was too much, or too many waited. */
  warn: (facts: { bytes: number }) => void
}

/** What may be one of ours; databases choke on some of the rest. */
const ID = /^[\w-]{1,64}$/
const MOST_OF_ID = 100
const DAY_MS = 86_400_000
/** What one request reads again. */
const MOST = { mostAnswers: 1000, mostBytes: 32 * 1024 * 1024 }
/** What another process has answered a moment ago may be on its way still. */
const OTHERS_NEED_MS = 200

export function createKeptAnswers(parts: KeptAnswersParts): KeptAnswers {
  const { store, limits, isShared, clock, report, warn } = parts
  const areKept = () => limits.days > 0 && limits.answers > 0 && limits.bytes > 0
  const waiting = createWaitingAnswers({
    async store(answer) {
      await store.insert(answer, clock.now() + limits.days * DAY_MS)
      // It is stored: what is too much now goes with the next one.
      await store.expireExcess(answer.owner, limits, clock.now()).catch(report)
    },
    clock,
    report,
  })

  /** Looks again after a moment where others may have it. */
  async function lookTwice<T>(look: () => Promise<T>, isFound: (found: T) => boolean): Promise<T> {
    const first = await look()
    if (!isShared || isFound(first)) return first
    await new Promise<void>((resolve) => void clock.after(OTHERS_NEED_MS, resolve))
    return look()
  }

  function readStored(id: string, owner: string) {
    return lookTwice(
      () => store.readThread(id, owner, { ...MOST, now: clock.now() }),
      ({ kind }) => kind !== 'unknown',
    )
  }

  /** The part of it that waits, the oldest first. */
  function waitingThread(id: string, owner: string): StoredAnswer[] {
    const thread: StoredAnswer[] = []
    let next: string | undefined = id
    while (next !== undefined) {
      const answer = waiting.get(next, owner)
      if (answer !== undefined) thread.unshift(answer)
      next = answer?.parentId
    }
    return thread
  }

  return {
    get areKept() {
      return areKept()
    },

    keep({ input, answer, ...rest }) {
      const texts = { input: JSON.stringify(input), answer: JSON.stringify(answer) }
      const bytes = texts.input.length + texts.answer.length
      const isTaken =
        areKept() && bytes <= MOST.mostBytes && waiting.add({ ...rest, ...texts, createdAt: clock.now() })
      if (!isTaken) warn({ bytes })
    },

    async find(id, owner) {
      if (!ID.test(id)) return undefined
      const own = waiting.get(id, owner)
      if (own !== undefined) return toKept(own)
      const found = await lookTwice(
        () => store.find(id, owner, clock.now()),
        (each) => each !== undefined,
      )
      return found && toKept(found)
    },

    async readThread(id, owner) {
      if (!ID.test(id)) throw noSuchAnswer(id)
      const newest = waitingThread(id, owner)
      const next = newest.length === 0 ? id : newest[0]?.parentId
      if (next === undefined) return toKeptAll(newest)
      const reading = await readStored(next, owner)
      switch (reading.kind) {
        case 'whole':
          return toKeptAll([...reading.answers, ...newest])
        case 'unknown':
          throw next === id ? noSuchAnswer(id) : cutOff(id)
        case 'cut':
          throw cutOff(id)
        case 'too-long':
          throw tooMuch()
        default:
          return unreachable(reading)
      }
    },

    async findByItems(itemIds, owner, isWhole) {
      async function look(): Promise<KeptPart[]> {
        const own = waiting.findByItems(new Set(itemIds), owner)
        const stored = await store.findByItems(itemIds, owner, { ...MOST, now: clock.now() })
        if (stored === undefined) throw tooMuch()
        const found = [...stored, ...own]
        refuseTooMuch(found.map(({ text }) => text))
        return found.map(toKeptPart)
      }
      return lookTwice(look, isWhole)
    },

    async remove(id, owner) {
      if (!ID.test(id)) return false
      // What goes on from it has to be there, or it would go with it.
      await waiting.flush()
      return store.remove(id, owner, clock.now())
    },

    close: () => waiting.close(),
  }
}

/** Throws when it is more than a request may hold. */
function toKeptAll(answers: readonly StoredAnswer[]): KeptAnswer[] {
  refuseTooMuch(answers.flatMap(({ input, answer }) => [input, answer]))
  return answers.map(toKept)
}

function refuseTooMuch(texts: readonly string[]): void {
  const text = texts.join(',')
  if (text.length > MOST.mostBytes || findJsonExcess(text) !== undefined) throw tooMuch()
}

function toKept({ id, parentId, input, answer }: StoredAnswer): KeptAnswer {
  return { id, parentId, input: parseItems(input), answer: parseJsonObject(answer) ?? {} }
}

function toKeptPart({ part, text }: StoredPart): KeptPart {
  return part === 'input' ? { part, items: parseItems(text) } : { part, answer: parseJsonObject(text) ?? {} }
}

function parseItems(text: string): JsonObject[] {
  const items = parseJson(text)
  return Array.isArray(items) ? items.filter(isObject) : []
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function noSuchAnswer(id: string): GatewayError {
  const text = `Previous response with id ${JSON.stringify(id.slice(0, MOST_OF_ID))} not found: it was not stored, is kept no longer, or belongs to another key.`
  return refuseAnswer(text)
}

function cutOff(id: string): GatewayError {
  return refuseAnswer(
    `What was said before the response with id '${id}' is kept no longer: send the whole conversation.`,
  )
}

function refuseAnswer(message: string): GatewayError {
  return new GatewayError('invalid-request', message, {
    field: 'previous_response_id',
    code: 'previous_response_not_found',
  })
}

function tooMuch(): GatewayError {
  return new GatewayError(
    'invalid-request',
    'The conversation is longer than what is read again for one request: begin a new one, with what still matters in its input.',
    { field: 'previous_response_id' },
  )
}
