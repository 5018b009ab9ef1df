/** From the start of the process to its first healthy answer, with an empty data folder. */
import type { ContestantName } from '../lab/lab.ts'
import type { Finding, Scenario } from './scenario.ts'

const ROUNDS = 7
const contestants: readonly ContestantName[] = ['ours', 'pass', 'min']

export const start: Scenario = {
  name: 'start',
  async run(lab) {
    const findings = contestants.map((contestant): Finding => ({ contestant, samples: [] }))
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { contestant, samples } of findings) {
        const started = await lab.start(contestant)
        samples.push({ start: started.startSeconds })
        await started.stop()
      }
    }
    return findings
  },
}
