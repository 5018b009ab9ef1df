import { accessOf } from '../src/profiles/access-of.ts'
import type { Profiles } from '../src/profiles/profiles.ts'

/** For tests in which no request names a profile. */
export const plainProfiles: Profiles = {
  accessTo: async (account, accessToken) => accessOf(account, accessToken, { kind: 'none' }),
  accessToAsk: async (account, accessToken) => accessOf(account, accessToken, { kind: 'none' }),
  mayHelp: () => false,
  reconsider: async ({ error }) => ({ kind: 'stands', error }),
  remember: async () => {},
  close: async () => {},
}
