/** What the service tells of an account's profiles (ListAvailableProfiles, protocol 6.3). Pure. */

import * as z from 'zod'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import type { Profile } from '../upstream.ts'

/** The profiles are read one by one, so that an odd one costs nothing but itself. */
const profilePage = z.looseObject({
  profiles: z.array(z.unknown()),
  nextToken: z.string().min(1).max(4096).nullish().catch(null),
})

const MAX_NAME_LENGTH = 128

const listedProfile = z.looseObject({
  // It ends up in requests and messages.
  arn: z.string().regex(/^arn:[\x21-\x7e]{1,2000}$/),
  profileName: z.string().nullish().catch(null),
  status: z.string().nullish(),
})

interface ProfilePage {
  items: Profile[]
  nextToken?: string
}

/** Undefined when the body is no list of profiles. Those that cannot be used are left out. */
export function readProfilePage(body: string): ProfilePage | undefined {
  const page = profilePage.safeParse(parseJsonObject(body)).data
  if (page === undefined) return undefined
  const { profiles, nextToken } = page
  return {
    items: profiles.flatMap((profile) => readProfile(profile) ?? []),
    ...(nextToken != null && { nextToken }),
  }
}

function readProfile(json: unknown): Profile | undefined {
  const { data } = listedProfile.safeParse(json)
  if (data === undefined || (data.status ?? 'ACTIVE') !== 'ACTIVE') return undefined
  const name = (data.profileName ?? '').replaceAll(/[\s\p{C}]+/gu, ' ').trim()
  return { arn: data.arn, name: name === '' ? 'unnamed' : name.slice(0, MAX_NAME_LENGTH).toWellFormed() }
}
