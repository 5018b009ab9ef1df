/** The shapes of the operator's routes, for the server and for whatever page or program calls it. */
import { z } from 'zod'

const secret = z.string().min(1).max(16_384)

export const createAccountBody = z.object({
  label: z.string().max(200).nullish(),
  clientId: z.string().min(1).max(4096),
  clientSecret: secret,
  refreshToken: secret.nullish(),
  accessToken: secret.nullish(),
  other: z.json().nullish(),
  enabled: z.boolean().nullish(),
})
export type CreateAccountBody = z.infer<typeof createAccountBody>

export const accountPath = z.object({ id: z.string() })
