/** ListAvailableProfiles: its input, and one page of an account's profiles. */
import { z } from 'zod'
import { type Profile, regionOf } from './traits.ts'

const requestSchema = z.strictObject({
  maxResults: z.number().int().min(1).max(100).optional(),
  nextToken: z.string().regex(/^\d+$/).optional(),
})

export type ProfileListRequest = z.infer<typeof requestSchema>

/** Undefined when the service would refuse it. */
export function profileListRequest(input: unknown): ProfileListRequest | undefined {
  return requestSchema.safeParse(input).data
}

interface Owner {
  profiles: readonly Profile[]
  clientId: string
  /** That the request was sent to; undefined: the profiles of every region are listed. */
  region: string | undefined
}

/** Body of ListAvailableProfiles; `nextToken` is the index of the next profile. */
export function listProfiles(
  { profiles, clientId, region }: Owner,
  { maxResults, nextToken }: ProfileListRequest,
): object {
  const here = profiles.filter((profile) => isIn(profile, region))
  const start = Number(nextToken ?? 0)
  const end = start + (maxResults ?? here.length)
  return {
    profiles: here.slice(start, end).map((profile) => describeProfile(profile, clientId)),
    ...(end < here.length && { nextToken: String(end) }),
  }
}

/** Whether a host of this region knows the profile. */
export function isIn(profile: Profile, region: string | undefined): boolean {
  const home = regionOf(profile)
  return region === undefined || home === undefined || home === region
}

function describeProfile(profile: Profile, clientId: string) {
  return {
    arn: profile.arn,
    profileName: profile.profileName ?? 'Simulated profile',
    status: profile.status ?? 'ACTIVE',
    profileType: profile.profileType ?? 'Q_DEVELOPER',
    identityDetails: {
      ssoIdentityDetails: {
        instanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000000',
        oidcClientId: clientId,
        ssoRegion: 'us-east-1',
      },
    },
  }
}
