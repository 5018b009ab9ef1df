import { describe, expect, it } from 'vitest'
import type { SoakFindings, SoakedRound } from './soak.ts'
import { createTally } from './tally.ts'
import { judge } from './verdicts.ts'

const calm: SoakedRound = {
  residentMegabytes: 250,
  heapMegabytes: 45,
  descriptors: 60,
  sockets: 40,
  timers: 25,
  resources: 70,
  listeners: 10,
  threads: 12,
  databaseMegabytes: 9,
  loopP50Ms: 1,
  loopP99Ms: 20,
  loopMaxMs: 100,
  processorShare: 0.1,
  waitShare: 0,
  requests: 700,
  errors: 1,
}

function roundsWith(change: (round: number) => Partial<SoakedRound>, count = 30): SoakedRound[] {
  return Array.from({ length: count }, (_, round) => ({ ...calm, ...change(round) }))
}

function findingsWith(change: Partial<SoakFindings> = {}): SoakFindings {
  return {
    rounds: roundsWith(() => ({})),
    tally: { ...createTally(), sent: 20_000, exact: 19_000, broken: new Map([['200 server_error', 40]]) },
    faults: { early: 110, late: 70, tokens: 20 },
    service: { chats: 20_000, refreshes: 30, violations: [], crashes: 0 },
    differences: [],
    loggedCalls: 20_000,
    page: { snapshots: 1790, reads: 900, complaints: [] },
    gatewayComplaints: [],
    leftInFlight: 0,
    end: { exitCode: 0, seconds: 1 },
    ...change,
  }
}

function failuresOf(change: Partial<SoakFindings>): string[] {
  return judge(findingsWith(change)).flatMap(({ what, holds }) => (holds ? [] : [what]))
}

/** Of each request 300 bytes stay behind. */
const leak = (round: number) => ({ heapMegabytes: 45 + round * 700 * 300e-6 + (round % 2) })

describe('a soak', () => {
  it('holds when nothing grows, though what is filled once was filled in the beginning', () => {
    const filled = roundsWith((round) => ({ heapMegabytes: Math.min(45, 30 + round) + (round % 3) }))
    expect(failuresOf({ rounds: filled })).toEqual([])
  })

  it.each([
    ['a leak of 300 bytes a request', { rounds: roundsWith(leak) }, /heap/],
    ['a timer a round', { rounds: roundsWith((round) => ({ timers: 20 + round })) }, /timers/],
    ['a socket a round', { rounds: roundsWith((round) => ({ sockets: 20 + round })) }, /sockets/],
    [
      'a loop that gets slower',
      { rounds: roundsWith((round) => ({ loopP99Ms: 20 + 2 * round })) },
      /event loop/,
    ],
    ['a load that hardly was one', { tally: { ...findingsWith().tally, sent: 10_000 } }, /^requests$/],
    ['a wrong answer', { tally: { ...findingsWith().tally, wrong: ['x'] } }, /neither exact/],
    [
      'refusals that another attempt would have made good',
      { tally: { ...findingsWith().tally, refused: new Map([['500 x', 21]]) } },
      /before an answer/,
    ],
    ['more streams broken than the service broke', { faults: { early: 0, late: 39, tokens: 0 } }, /streams/],
    ['a call that is not in the log', { differences: ['x'] }, /log/],
    ['a line of the log that tells of a fault of its own', { gatewayComplaints: ['x'] }, /complaints/],
    ['a request that is still in flight', { leftInFlight: 1 }, /in flight/],
    ['a feed that nobody asked', { leftInFlight: Number.NaN }, /in flight/],
    ['an end by force', { end: { exitCode: null, seconds: 45 } }, /SIGTERM/],
  ])('does not hold with %s', (_, change, words) => {
    expect(failuresOf(change)).toEqual([expect.stringMatching(words)])
  })

  it('says nothing of growth where it was too short', () => {
    expect(failuresOf({ rounds: roundsWith(leak, 19) })).toEqual([])
  })
})
