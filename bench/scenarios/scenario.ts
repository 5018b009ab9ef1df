import type { Contestant, ContestantName, Lab } from '../lab/lab.ts'
import { cpuSecondsOf } from '../lab/process-accounting.ts'
import type { Tally } from '../load/closed-loop.ts'
import type { Metric } from '../targets.ts'

/** What one contestant did in one round. */
export type Sample = Partial<Record<Metric, number>>

export interface Finding {
  contestant: ContestantName
  samples: Sample[]
}

export interface Scenario {
  name: string
  run(lab: Lab): Promise<Finding[]>
}

interface Contest {
  contestants: readonly ContestantName[]
  rounds: number
  /** Whatever a contestant needs before its first round, above all to be compiled. */
  warmUp(contestant: Contestant): Promise<unknown>
  window(contestant: Contestant): Promise<Sample>
}

/** Fresh processes, and rounds that take turns, so that whatever else the machine does meets all of them. */
export async function holdContest(lab: Lab, contest: Contest): Promise<Finding[]> {
  const present: { contestant: Contestant; finding: Finding }[] = []
  try {
    for (const name of contest.contestants) {
      const contestant = await lab.start(name)
      present.push({ contestant, finding: { contestant: name, samples: [] } })
      await contest.warmUp(contestant)
    }
    for (let round = 0; round < contest.rounds; round += 1) {
      for (const { contestant, finding } of present) finding.samples.push(await contest.window(contestant))
    }
  } finally {
    for (const { contestant } of present) await contestant.stop()
  }
  return present.map(({ finding }) => finding)
}

/** Seconds of CPU that the contestant took while `work` ran, and what `work` gave. */
export async function meterCpu<T>(
  { pid }: Contestant,
  work: () => Promise<T>,
): Promise<[seconds: number, result: T]> {
  const before = pid === undefined ? 0 : cpuSecondsOf(pid)
  const result = await work()
  const after = pid === undefined ? 0 : cpuSecondsOf(pid)
  return [after - before, result]
}

/** Wrong answers must not go by in silence: a figure for them is worth nothing. */
export function wrongOf(contestant: Contestant, { wrong, firstComplaint }: Tally): { wrong: number } {
  if (wrong > 0)
    process.stderr.write(`${contestant.name}: ${wrong} wrong answers, the first: ${firstComplaint}\n`)
  return { wrong }
}

/** Findings with the value of `direct` in the same round taken off: what a gateway adds. */
export function lessDirect(findings: readonly Finding[], metrics: readonly Metric[]): Finding[] {
  const direct = findings.find(({ contestant }) => contestant === 'direct')
  return findings
    .filter((finding) => finding !== direct)
    .map(({ contestant, samples }) => ({
      contestant,
      samples: samples.map((sample, round) => {
        const base = direct?.samples[round] ?? {}
        const added = metrics.map((metric) => [metric, (sample[metric] ?? 0) - (base[metric] ?? 0)])
        return { ...sample, ...Object.fromEntries(added) }
      }),
    }))
}
