/** Takes hostile requests one by one, until they are all taken or the time is over. */
import { expectEnough } from '../lab/enough-done.ts'
import type { ChatRig } from './chat-rig.ts'
import type { HostileRequest } from './conversations.ts'
import type { RequestJudge, Verdict } from './request-judge.ts'

interface Run {
  seed: number
  count: number
  judge: RequestJudge
  /** For the share of them that goes over sockets, each so many-th. */
  rig?: ChatRig
  sentEvery?: number
  /** Of the processor, for a request without megabytes. */
  mostWorkMs?: number
}

type Attempt = HostileRequest & Partial<Pick<Hopes, 'mustBeRefused' | 'hopeless'>>
interface Hopes {
  mustBeRefused: boolean
  /** What must not be sent. */
  hopeless: readonly string[]
}

const MOST_SECONDS = 660
const OFFICIAL_EVERY = 100
const BYTES_PER_MEGABYTE = 1_000_000
/** Code is slow until it has run a few times, and another program may have had the processor's caches. */
const TRIES = 3

interface Figures {
  done: number
  /** How many came to what. */
  tally: ReadonlyMap<string, number>
  mostMs: number
}

/** Throws the first broken promise, with the seed that shows it again. Too few in the time there is fail the process. */
export async function runHostile(run: Run, draw: (seed: number) => Attempt): Promise<Figures> {
  const { seed, count, rig, sentEvery = 0 } = run
  const endsAt = performance.now() + MOST_SECONDS * 1000
  const tally = new Map<string, number>()
  const note = (word: string) => tally.set(word, (tally.get(word) ?? 0) + 1)
  let done = 0
  let mostMs = 0
  for (; done < count && performance.now() < endsAt; done += 1) {
    const ownSeed = seed + done
    try {
      const request = draw(ownSeed)
      const { outcome, sent, workMs } = takeOne(run, request)
      note(outcome)
      mostMs = Math.max(mostMs, workMs)
      if (sent !== undefined && done % OFFICIAL_EVERY === 0) {
        await run.judge.compareWithOfficialClient(sent)
        note("as AWS's own client sends it")
      }
      if (sentEvery > 0 && done % sentEvery === 0) note(`status ${await rig?.send(request)}`)
    } catch (cause) {
      throw new Error(`Seed ${ownSeed}: ${String(cause)}`, { cause })
    }
  }
  expectEnough(done, count)
  return { done, tally, mostMs }
}

export function describeFigures({ done, tally, mostMs }: Figures): string {
  const told = Array.from(tally, ([word, times]) => `${times} ${word}`).toSorted()
  return `${done} requests, at most ${mostMs.toFixed(0)} ms of work each: ${told.join(', ')}`
}

function takeOne({ judge, mostWorkMs = Infinity }: Run, request: Attempt): Verdict {
  const body = Buffer.from(JSON.stringify(request.body))
  const most = mostWorkMs * (1 + Math.floor(body.length / BYTES_PER_MEGABYTE))
  let verdict = judge.judge(request.dialect, body)
  for (let tries = 1; tries < TRIES && verdict.workMs > most; tries += 1) {
    verdict = judge.judge(request.dialect, body)
  }
  if (verdict.workMs > most) throw new Error(`${verdict.workMs.toFixed(0)} ms of work, at most ${most}`)
  const { mustBeRefused = false, hopeless = [] } = request
  if (mustBeRefused && verdict.outcome !== 'refused') throw new Error('It should have been refused')
  const sent = hopeless.find((base64) => base64.length > 20 && verdict.sent?.includes(base64) === true)
  if (sent !== undefined) throw new Error(`What no model can be given is sent: ${sent.slice(0, 60)}`)
  return verdict
}
