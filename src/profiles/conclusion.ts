import type { GatewayError } from '../conversation/failures.ts'
import type { Profile, ProfileSearch, Upstream } from '../upstreams/upstream.ts'

/** What a search for an account's profiles comes to. */
export type Conclusion =
  /** `isSure`: every region answered, and this is the only one. */
  | { kind: 'one'; arn: string; isSure: boolean }
  /** Which one counts is for the operator to say. */
  | { kind: 'many'; profiles: readonly Profile[] }
  | { kind: 'none' }
  /** Nobody can tell. */
  | { kind: 'unknown'; why: Why }

/** `silent`: some regions list none, and others did not answer. */
type Why = { kind: 'failed'; error: GatewayError } | { kind: 'silent'; regions: readonly string[] }

export function conclude(
  { profiles, unanswered, isBuilderId }: ProfileSearch,
  channel: string,
  { usualProfile }: Pick<Upstream, 'usualProfile'>,
): Conclusion {
  const [first, second] = profiles
  if (second !== undefined) return { kind: 'many', profiles }
  if (first !== undefined) return { kind: 'one', arn: first.arn, isSure: unanswered.length === 0 }
  if (isBuilderId) {
    const usual = usualProfile({ channel, signIn: 'builder-id' })
    return usual.kind === 'arn' ? { kind: 'one', arn: usual.arn, isSure: true } : { kind: 'none' }
  }
  return unanswered.length === 0
    ? { kind: 'none' }
    : { kind: 'unknown', why: { kind: 'silent', regions: unanswered } }
}
