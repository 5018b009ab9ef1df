/** Rounds of a mixed load and a moment of calm on the whole gateway, and all that was seen meanwhile. */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Random } from '../../hostile/random.ts'
import { createCallCheck } from './call-check.ts'
import { createClients } from './clients.ts'
import { createConsolePage } from './console-page.ts'
import { createExchange } from './exchange.ts'
import { createFaults, type Faults } from './faults.ts'
import { createMeter, type Round } from './meter.ts'
import type { ServiceCounts } from './simulated-service.ts'
import type { SoakLab } from './soak-lab.ts'
import { createTally, noteWrong, sumOf, type Tally } from './tally.ts'

/** With what clients did meanwhile. */
export interface SoakedRound extends Round {
  requests: number
  errors: number
}

export interface SoakFindings {
  rounds: readonly SoakedRound[]
  tally: Tally
  faults: Faults['counts']
  service: ServiceCounts
  /** Where the log of calls, or its counters, and the clients disagree. */
  differences: readonly string[]
  loggedCalls: number
  page: { snapshots: number; reads: number; complaints: readonly string[] }
  gatewayComplaints: readonly string[]
  /** After the last client had gone. */
  leftInFlight: number
  end: { exitCode: number | null; seconds: number }
}

export interface SoakWishes {
  /** Of about a minute each. */
  rounds: number
  requestsPerSecond: number
  chance: Random
  report(line: string): void
}

const SECOND_MS = 1000
const LOAD_SECONDS = 46
/** Until connections that nobody uses are closed. */
const CALM_MS = 10_000
const VISIT_SECONDS = 7
const FOLLOW_SECONDS = 15
const RELOAD_ROUNDS = 3
const MOST_AT_ONCE = 200
/** Until what was under way has ended. */
const PATIENCE_MS = 120_000
/** Of what went wrong in a round. */
const MOST_TOLD = 5

const traffic = z.looseObject({ sum: z.record(z.string(), z.number().nullable()) })
/** By the words of the log. */
const counters = {
  ok: 'ok',
  'client-error': 'clientErrors',
  throttled: 'throttled',
  'upstream-error': 'upstreamErrors',
  shed: 'shed',
  cancelled: 'cancelled',
} as const

export async function soak(lab: SoakLab, wishes: SoakWishes): Promise<SoakFindings> {
  const { gateway, service, accountIds, keys } = lab
  const { chance } = wishes
  const tally = createTally()
  const callCheck = createCallCheck((path) => lab.read(path))
  const faults = createFaults({ service, accountIds, chance })
  const exchange = createExchange({ url: gateway.url, tally, callCheck })
  const clients = createClients({ url: gateway.url, keys, chance, faults, exchange, tally })
  const page = createConsolePage(gateway.url, lab.token)
  const meter = createMeter(gateway, lab.dataDirectory)
  const rounds: SoakedRound[] = []
  const underWay = new Set<Promise<void>>()

  function beginOne(): void {
    if (underWay.size >= MOST_AT_ONCE) return
    const one = clients.act().finally(() => underWay.delete(one))
    underWay.add(one)
  }

  async function load(): Promise<void> {
    const stop = startLoad(beginOne, wishes)
    const startedAt = performance.now()
    for (let second = 1; second <= LOAD_SECONDS; second += 1) {
      await pause(Math.max(0, startedAt + second * SECOND_MS - performance.now()))
      if (gateway.hasEnded()) throw new Error(`The gateway has ended: ${gateway.complaints().join(' ')}`)
      if (second % VISIT_SECONDS === 0) await page.visit()
      if (second % FOLLOW_SECONDS === 0) await Promise.all([service.follow(), callCheck.follow()])
    }
    stop()
  }

  async function calm(): Promise<void> {
    await Promise.race([Promise.all(underWay), pause(PATIENCE_MS, undefined, { ref: false })])
    if (underWay.size > 0) noteWrong(tally, `${underWay.size} clients still wait for their answer`)
    await Promise.all([service.follow(), callCheck.follow()])
    await pause(CALM_MS)
  }

  async function playRound(): Promise<void> {
    const before = { requests: tally.sent, errors: errorsOf(tally), wrong: tally.wrong.length }
    if (rounds.length % RELOAD_ROUNDS === 0) page.reload()
    await meter.beginLoad()
    await load()
    const underLoad = await meter.endLoad()
    await calm()
    const [requests, errors] = [tally.sent - before.requests, errorsOf(tally) - before.errors]
    const round = { ...underLoad, ...(await meter.rest()), requests, errors }
    rounds.push(round)
    wishes.report(describeRound(rounds.length, round))
    for (const each of tally.wrong.slice(before.wrong, before.wrong + MOST_TOLD)) wishes.report(each)
  }

  for (let number = 0; number < wishes.rounds; number += 1) await playRound()
  await callCheck.follow()
  const counted = traffic.parse(await lab.read('/v2/traffic?range=1h')).sum
  const latest = page.latest()
  // It is still open: who watches is no reason to go on.
  page.rest()
  const end = await gateway.stop()
  page.close()

  const logged = callCheck.logged()
  const miscounts = Object.entries(counters).flatMap(([outcome, name]) => {
    const [inLog, inCounters] = [logged.get(outcome) ?? 0, counted[name]]
    return inLog === inCounters ? [] : [`${inLog} calls logged as ${outcome}, counted as ${inCounters}`]
  })
  return {
    rounds,
    tally,
    faults: faults.counts,
    service: service.counts(),
    differences: [...callCheck.findDifferences(), ...miscounts],
    loggedCalls: [...logged.values()].reduce((sum, count) => sum + count, 0),
    page: page.counts(),
    gatewayComplaints: gateway.complaints(),
    leftInFlight: (latest?.inFlight ?? Number.NaN) + (latest?.waiting ?? 0),
    end,
  }
}

/** Clients come as they please: their distances are exponential, whatever becomes of those before. Answers how to stop. */
function startLoad(begin: () => void, { requestsPerSecond, chance }: SoakWishes): () => void {
  let timer: NodeJS.Timeout | undefined
  let dueAt = performance.now()
  function next(): void {
    for (; dueAt <= performance.now(); dueAt += distanceMs()) begin()
    timer = setTimeout(next, Math.max(1, dueAt - performance.now()))
  }
  function distanceMs(): number {
    return (-Math.log(1 - chance.below(1e6) / 1e6) / requestsPerSecond) * SECOND_MS
  }
  next()
  return () => clearTimeout(timer)
}

function errorsOf({ refused, broken }: Tally): number {
  return sumOf(refused) + sumOf(broken)
}

function describeRound(number: number, round: SoakedRound): string {
  const { requests, errors, residentMegabytes, heapMegabytes, descriptors, sockets, timers, threads } = round
  const { loopP50Ms, loopP99Ms, loopMaxMs, processorShare, waitShare, databaseMegabytes } = round
  return (
    `round ${number}: ${requests} requests, ${errors} errors; ${residentMegabytes.toFixed(1)} MB resident, ` +
    `${heapMegabytes.toFixed(2)} MB heap, ${descriptors} descriptors, ${sockets} sockets, ${timers} timers, ${threads} threads, ` +
    `${databaseMegabytes.toFixed(1)} MB database; lag ${loopP50Ms.toFixed(1)} / ${loopP99Ms.toFixed(1)} / ${loopMaxMs.toFixed(0)} ms, ` +
    `${(processorShare * 100).toFixed(0)} % of a processor, ${(waitShare * 100).toFixed(0)} % waited for one`
  )
}
