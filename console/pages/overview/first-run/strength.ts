/** How hard a password is to guess, roughly; the gateway decides. Pure. */

/** The gateway takes no shorter ones. */
const LEAST = 12
const STRONG = 20
const LEAST_DIFFERENT = 6

export type Strength = { kind: 'empty' | 'simple' | 'fair' | 'strong' } | { kind: 'short'; missing: number }

export function judgePassword(password: string): Strength {
  const characters = Array.from(password.trim())
  if (characters.length === 0) return { kind: 'empty' }
  if (characters.length < LEAST) return { kind: 'short', missing: LEAST - characters.length }
  if (new Set(characters).size < LEAST_DIFFERENT) return { kind: 'simple' }
  return { kind: characters.length >= STRONG ? 'strong' : 'fair' }
}
