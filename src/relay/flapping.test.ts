/** R39: an account that comes and goes, on a clock of its own: what clients notice of it, and how often it is tried. */
import { expect, it } from 'vitest'
import { openOutageLab, type Fate } from '../../test/outage-lab.ts'

const SPELL_MS = 10_000
const HOUR_SECONDS = 3600
const isBad = (at: number) => Math.floor(at / SPELL_MS) % 2 === 1

it.each<[string, Fate]>([
  ['throttled, nobody knows for how long', { kind: 'throttled' }],
  ['throttled for three seconds', { kind: 'throttled', retryAfterSeconds: 3 }],
  ['failing', { kind: 'upstream-unavailable' }],
])(
  'for an hour good and %s in turn, ten seconds each: tried once after each pause, and no client notices',
  { timeout: 60_000 },
  async (_, fate) => {
    const statusOfA = () => lab.pool.enabled().find(({ id }) => id === 'a')?.status
    /** By the end of the pause: who asks before the account is trusted again is its probe. */
    const probes = new Map<number, number>()
    const statuses = new Set<string | undefined>()
    /** Of what an operator is shown: whether the account comes and goes. */
    const changes: boolean[] = []
    const lab: Awaited<ReturnType<typeof openOutageLab>> = await openOutageLab({
      accountIds: ['a', 'b', 'c'],
      fateOf({ accountId, at }) {
        const status = statusOfA()
        statuses.add(status?.kind)
        const isUnsteady = lab.pool.unsteadySince('a') !== undefined
        if (changes.at(-1) !== isUnsteady) changes.push(isUnsteady)
        if (accountId !== 'a') return 'answer'
        const pausedUntil = status?.kind === 'cooling' ? status.until.getTime() : undefined
        if (pausedUntil !== undefined) probes.set(pausedUntil, (probes.get(pausedUntil) ?? 0) + 1)
        return isBad(at) ? fate : 'answer'
      },
    })
    const played = await lab.load({ perSecond: 5, seconds: HOUR_SECONDS, stepMs: 20 })
    const succeeded = played.filter(({ failure }) => failure === undefined)
    expect(succeeded.length / played.length).toBeGreaterThanOrEqual(0.995)
    // At least one pause in each of the bad spells.
    expect(probes.size).toBeGreaterThan(180)
    expect([...probes.values()].filter((count) => count > 1)).toEqual([])
    expect(lab.asked.filter(({ accountId, at }) => accountId === 'a' && !isBad(at)).length).toBeGreaterThan(
      900,
    )
    // Shown once as one that comes and goes, not with every turn.
    expect(changes).toEqual([false, true])
    // Nothing that an operator has to do anything about.
    expect(statuses).toEqual(new Set(['ready', 'cooling']))
  },
)
