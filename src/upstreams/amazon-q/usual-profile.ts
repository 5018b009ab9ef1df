import { unreachable } from '../../conversation/unreachable.ts'
import type { UnlearnedAccount, UsualProfile } from '../upstream.ts'
import { channelOf } from './channels.ts'

/** The service's own, which a Builder ID names where no request may come without a profile. */
const BUILDER_ID_PROFILE = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX'

/** Protocol 6.4. Throws `access-denied` for a channel that is not known. */
export function usualProfile({ channel, signIn }: UnlearnedAccount): UsualProfile {
  const { requiresProfile } = channelOf(channel)
  switch (signIn) {
    case 'builder-id':
      return requiresProfile ? { kind: 'arn', arn: BUILDER_ID_PROFILE } : { kind: 'none' }
    case 'identity-center':
      return { kind: 'listed' }
    case 'unknown':
      return { kind: requiresProfile ? 'listed' : 'none' }
    default:
      return unreachable(signIn)
  }
}
