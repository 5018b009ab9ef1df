/**
 * How long access tokens live, by the clock that is never set. What a process has received it counts by itself; what
 * it reads bears dates of some wall clock, so it is estimated once and not again when that clock steps.
 */
import type { Clock } from '../../clock.ts'
import { usualRefreshLimits, type RefreshLimits } from './refresh-limits.ts'

/** In milliseconds of `clock.elapsed()`. */
export interface TokenLife {
  bornAt: number
  /** Infinite when nobody told: the service's refusal will tell. */
  endsAt: number
}

/** What is stored about a token. */
export interface TokenDates {
  /** Each token of an account has another one. */
  version: number
  /** When it was made, or at the latest. */
  madeAt: Date
  expiresAt?: Date
}

export interface TokenLives {
  /** Whether a token of that life is to be renewed in the background. */
  isDue(life: TokenLife): boolean
  /** As estimated when this process first met the version. */
  of(id: string, dates: TokenDates): TokenLife
  /** This process has received the token of that version. */
  note(id: string, version: number, life: TokenLife): void
  forget(id: string): void
}

/** Clocks of machines that share a database may differ by so much. */
const TOLERANCE_MS = 5 * 60_000
/** Less is no more than drift. */
const STEP_MS = 10_000
const MOST_SETTINGS = 8
/** In the background tokens are renewed earlier, so that requests need not wait. */
const OLD_AFTER_MS = 25 * 60_000

/** Whether a token of that life is renewed in the background, so long before its end. `now` of the same clock. */
export function isDue(
  { bornAt, endsAt }: TokenLife,
  now: number,
  aheadMs = usualRefreshLimits.aheadMs,
): boolean {
  return now - bornAt > OLD_AFTER_MS || endsAt - now < aheadMs
}

export function createTokenLives(
  clock: Clock,
  limits: Pick<RefreshLimits, 'aheadMs'> = usualRefreshLimits,
): TokenLives {
  const lives = new Map<string, TokenLife & { version: number }>()
  /** What the wall clock was ahead of the other one, the latest first: of a date nobody knows which of them made it. */
  const settings: number[] = [clock.now() - clock.elapsed()]

  function noticeSetting(): void {
    const setting = clock.now() - clock.elapsed()
    const [latest = setting] = settings
    if (Math.abs(setting - latest) < STEP_MS) return
    settings.unshift(setting)
    settings.length = Math.min(settings.length, MOST_SETTINGS)
  }

  function estimate({ madeAt, expiresAt }: TokenDates): TokenLife {
    const now = clock.elapsed()
    const fullLifeMs =
      expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt.getTime() - madeAt.getTime()
    const ageMs = ageOf(madeAt, fullLifeMs)
    return { bornAt: now - ageMs, endsAt: now + fullLifeMs - Math.max(ageMs, -TOLERANCE_MS) }
  }

  /** By the wall clock as it is, or as it was before somebody set it: whichever makes sense. */
  function ageOf(madeAt: Date, fullLifeMs: number): number {
    const byWall = clock.now() - madeAt.getTime()
    const byEarlier = settings.map((setting) => setting + clock.elapsed() - madeAt.getTime())
    const plausible = [byWall, ...byEarlier].find((age) => age >= -TOLERANCE_MS && age <= fullLifeMs)
    if (plausible !== undefined) return plausible
    // Made in the future: the clock is wrong, or was. It lives for its full life at most, and is renewed soon.
    return byWall < 0 ? Math.min(OLD_AFTER_MS + 1, fullLifeMs) : byWall
  }

  return {
    isDue: (life) => isDue(life, clock.elapsed(), limits.aheadMs),
    of(id, dates) {
      noticeSetting()
      const known = lives.get(id)
      if (known?.version === dates.version) return known
      const life = { ...estimate(dates), version: dates.version }
      // One that is older than what is known is read where a newer one waits to be stored.
      if (known === undefined || known.version < dates.version) lives.set(id, life)
      return life
    },
    note(id, version, life) {
      lives.set(id, { ...life, version })
    },
    forget(id) {
      lives.delete(id)
    },
  }
}
