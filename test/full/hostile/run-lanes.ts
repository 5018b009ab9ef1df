/** Cases by the thousand against a gateway in lanes, one after the other in each. */
import { expectEnough } from '../lab/enough-done.ts'
import { everyForm, type Form, type Heard } from './heard.ts'
import type { HostileLanes } from './hostile-lanes.ts'
import type { Move } from './hostile-upstream.ts'
import { createRandom, type Random } from './random.ts'

export interface LaneCase {
  name: string
  moves: readonly Move[]
  /** What is wrong with what was heard; undefined: nothing. */
  faultOf(form: Form, heard: Heard): string | undefined
}

/**
 * Throws the first fault, with the seed that brings it again. Answers how many cases came to each status. Too few in the time
 * there is fail the process.
 */
export async function runLanes(
  { lanes, ...gateway }: HostileLanes,
  options: {
    seed: number
    count: number
    create: (random: Random) => LaneCase
    /** So long are new ones begun. */
    mostSeconds?: number
  },
): Promise<{ done: number; statuses: Map<number, number> }> {
  const { seed, count, create, mostSeconds = Infinity } = options
  const statuses = new Map<number, number>()
  const startedAt = performance.now()
  let next = 0
  let done = 0

  async function check(lane: string, index: number): Promise<void> {
    const random = createRandom(seed + index)
    const form = everyForm[random.below(everyForm.length)] ?? { path: '', stream: true }
    const { name, moves, ...oracle } = create(random)
    const told = `Seed ${seed + index}, ${name}, ${form.path}${form.stream ? ' streamed' : ''}`
    const heard = await gateway.ask(lane, form, moves).catch((cause: unknown) => {
      throw new Error(`${told}: ${String(cause)}`, { cause })
    })
    const fault = oracle.faultOf(form, heard)
    if (fault !== undefined) throw new Error(`${told}: ${fault}`)
    statuses.set(heard.status, (statuses.get(heard.status) ?? 0) + 1)
    if (heard.end === undefined) await gateway.recover(lane)
    done += 1
  }

  async function follow(lane: string): Promise<void> {
    while (next < count && (performance.now() - startedAt) / 1000 < mostSeconds) {
      const index = next
      next += 1
      try {
        await check(lane, index)
      } catch (error) {
        next = count
        throw error
      }
    }
  }
  await Promise.all(lanes.map(follow))
  expectEnough(done, count)
  return { done, statuses }
}

/** What is wrong with the gateway after all that; empty: nothing. */
export async function damageDone({ gateway }: HostileLanes): Promise<string[]> {
  const { status } = await gateway.fetch('/healthz')
  const failures = gateway.log.filter((line) => /"level":[56]0/.test(line))
  const polluted = Object.keys(Object.prototype)
  return [...(status === 200 ? [] : [`/healthz answers ${status}`]), ...polluted, ...failures]
}
