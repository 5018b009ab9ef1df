/** The shapes of the operator's routes, for the server and for whatever page or program calls it. */
import { z } from 'zod'

/** Tokens end up in header values, so they are visible ASCII. Scripts written for q2api send empty ones for none. */
const secret = z
  .string()
  .max(16_384)
  .regex(/^[\x21-\x7e]*$/, 'must be visible ASCII characters without blanks')

export const createAccountBody = z.object({
  label: z.string().max(200).nullish(),
  clientId: z.string().min(1).max(4096),
  clientSecret: secret.min(1),
  refreshToken: secret.nullish(),
  accessToken: secret.nullish(),
  other: z.json().nullish(),
  enabled: z.boolean().nullish(),
})
export type CreateAccountBody = z.infer<typeof createAccountBody>

export const accountPath = z.object({ id: z.string() })
