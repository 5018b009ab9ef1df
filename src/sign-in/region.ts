import * as z from 'zod'

/** A region becomes part of a host name that is sent secrets, so only what looks like one is let in. */
const region = z.string().regex(/^[a-z]{2,8}(-[a-z]{2,16}){1,3}-\d{1,2}$/)

export function isRegion(text: unknown): text is string {
  return region.safeParse(text).success
}
