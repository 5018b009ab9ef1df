/** Asks the service for an account's profiles: ListAvailableProfiles (protocol 6.3), in every region, page by page. */

import { GatewayError, toGatewayError } from '../../conversation/failures.ts'
import type { FailureKind } from '../../conversation/failures.ts'
import type { Access, Profile, ProfileSearch } from '../upstream.ts'
import { channelOf } from './channels.ts'
import type { Channel } from './channels.ts'
import { collectPages } from './collect-pages.ts'
import { refusesBuilderIds } from './failures.ts'
import { inTime, inquire, textOf } from './inquire.ts'
import type { InquiryOptions } from './inquire.ts'
import { readProfilePage } from './read-profiles.ts'

/** What one region said. */
type RegionAnswer =
  | { kind: 'profiles'; region: string; profiles: readonly Profile[] }
  | { kind: 'builder-id'; region: string }
  | { kind: 'failed'; region: string; error: GatewayError }

const MOST_PROFILES = 200
const NO_PROFILES = JSON.stringify({ profiles: [] })

/** Throws a GatewayError when no region answered, and `client-gone` when the signal aborts. */
export async function listProfiles(access: Access, options: InquiryOptions): Promise<ProfileSearch> {
  const channel = channelOf(access.channel)
  const answers = await Promise.all(
    channel.regions.map((region) => askRegion(access, { channel, region, options })),
  )
  if (options.signal.aborted) {
    throw new GatewayError('client-gone', 'Nobody wants to know the profiles any more.')
  }
  const failed = answers.filter(({ kind }) => kind === 'failed')
  if (failed.length === answers.length) throw noAnswer(answers)
  const found = answers.flatMap((answer) => (answer.kind === 'profiles' ? answer.profiles : []))
  return {
    profiles: [...new Map(found.map((profile) => [profile.arn, profile])).values()],
    unanswered: failed.map(({ region }) => region),
    isBuilderId: found.length === 0 && answers.some(({ kind }) => kind === 'builder-id'),
  }
}

interface Place {
  channel: Channel
  region: string
  options: InquiryOptions
}

async function askRegion(access: Access, { channel, region, options }: Place): Promise<RegionAnswer> {
  let isBuilderId = false
  try {
    const profiles = await inTime(options, 'its profiles', (signal) =>
      collectPages({
        async fetch(nextToken) {
          const input = nextToken === undefined ? {} : { nextToken }
          const question = { channel, inquiry: 'ListAvailableProfiles', region, input } as const
          const answer = await inquire(access, question, { ...options, signal })
          isBuilderId = refusesBuilderIds(answer)
          return isBuilderId ? NO_PROFILES : textOf(answer, options.clock)
        },
        read: readProfilePage,
        keyOf: ({ arn }) => arn,
        mostItems: MOST_PROFILES,
        unreadable: () =>
          new GatewayError('upstream-unavailable', 'What Amazon Q answered is no list of profiles.'),
      }),
    )
    return isBuilderId ? { kind: 'builder-id', region } : { kind: 'profiles', region, profiles }
  } catch (thrown) {
    return { kind: 'failed', region, error: toGatewayError(thrown) }
  }
}

/** The first that there is of these says more than that a region is silent. */
const TELLING: readonly FailureKind[] = ['suspended', 'feature-gated', 'token-expired', 'access-denied']

function noAnswer(answers: readonly RegionAnswer[]): GatewayError {
  const failed = answers.flatMap((answer) => (answer.kind === 'failed' ? answer : []))
  const causes = failed.map(({ region, error }) => `${region}: ${reasonOf(error)}`).join('; ')
  const cause = new Error(`No region told its profiles. ${causes}`)
  const told = TELLING.flatMap((kind) => failed.find(({ error }) => error.failure.kind === kind) ?? [])
  const { kind, message, ...details } = toGatewayError((told[0] ?? failed[0])?.error ?? cause).failure
  return new GatewayError(kind, message, { ...details, cause })
}

function reasonOf({ message, cause }: GatewayError): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}
