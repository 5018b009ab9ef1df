import * as z from 'zod'
import type { OidcAnswer, OidcPlace } from './oidc-call.ts'
import { isRegion } from './region.ts'

/** The instance of IAM Identity Center is at home there. */
export interface OtherRegion {
  kind: 'other-region'
  region: string
}

const regionAnswer = z.looseObject({ error: z.literal('invalid_request'), region: z.string() })

/** InvalidRequestRegionException. It names an endpoint too, which is not believed: secrets would be sent there. */
export function readOtherRegion(answer: OidcAnswer, asked: OidcPlace): OtherRegion | undefined {
  if (answer.status !== 400) return undefined
  const region = regionAnswer.safeParse(answer.body).data?.region
  return isRegion(region) && region !== asked.region ? { kind: 'other-region', region } : undefined
}
