import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../../clock.ts'
import { answering } from '../answering.ts'
import { healthChecksAnswer } from '../console-contract.ts'
import { judgeHealth, type Measurements } from './judge-health.ts'

export interface HealthCheckRouteParts {
  /** Measures now. Never rejects. */
  measureHealth: () => Promise<Measurements>
  clock: Clock
}

/** However many watch, it is measured so often at most. */
const GOOD_FOR_MS = 5000

/** What the gateway stands on, measured when somebody asks; nothing of it is measured for requests of clients. */
export function registerHealthChecks(
  routes: FastifyInstance,
  { measureHealth, clock }: HealthCheckRouteParts,
): void {
  let latest: { at: number; measured: Promise<{ at: string; measurements: Measurements }> } | undefined

  async function measure() {
    return { at: new Date(clock.now()).toISOString(), measurements: await measureHealth() }
  }

  routes.get('/v2/health-checks', answering(healthChecksAnswer), async () => {
    if (latest === undefined || clock.elapsed() - latest.at >= GOOD_FOR_MS) {
      latest = { at: clock.elapsed(), measured: measure() }
    }
    const { at, measurements } = await latest.measured
    return { at, checks: judgeHealth(measurements) }
  })
}
