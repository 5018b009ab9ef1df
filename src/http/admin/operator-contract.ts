/** The shapes of what an operator does about access itself. Fields that are not known are refused. */
import * as z from 'zod'
import { anyId, storableText } from './contract.ts'

const secret = z.string().min(1, 'must not be empty').max(1024, 'must be at most 1024 characters')
const NAME = 'must be 1 to 100 characters'
const DAYS = 'must be a whole number from 1 to 3650'

export const signInBody = z.strictObject({ password: secret })

export const setPasswordBody = z.strictObject({ password: secret, current_password: secret.optional() })

export const createTokenBody = z.strictObject({
  name: storableText.trim().min(1, NAME).max(100, NAME),
  scope: z.enum(['read', 'full']),
  expires_in_days: z.number().int().min(1, DAYS).max(3650, DAYS).optional(),
})

export const tokenPath = z.object({ id: anyId })

const instant = z.string().describe('ISO 8601')
const passwordSource = z.enum(['environment', 'stored']).nullable()

export const sessionView = z
  .object({
    via: z.enum(['local', 'password', 'session', 'token']),
    name: z.string().nullable().describe('Of the token'),
    expires_at: instant.nullable().describe('Of the session, which ends after 12 idle hours too'),
    password: passwordSource.describe('Where the password comes from; null: none is set'),
  })
  .describe('OK')

export const operatorSessionPath = z.object({ id: anyId })

export const operatorSessionList = z
  .object({
    sessions: z.array(
      z.object({
        id: z.string().describe('By which it can be ended; it lets nobody in'),
        created_at: instant,
        last_seen_at: instant,
        expires_at: instant,
        own: z.boolean().describe('The one that asks'),
      }),
    ),
    count: z.int(),
  })
  .describe('OK')

export const passwordView = z.object({ in_effect: z.boolean(), message: z.string() }).describe('Stored')

const tokenShape = {
  id: z.string(),
  name: z.string(),
  scope: z.enum(['read', 'full']),
  created_at: instant,
  expires_at: instant,
  last_used_at: instant.nullable(),
}

export const newTokenView = z
  .object({ ...tokenShape, token: z.string().describe('Told this once') })
  .describe('OK')

export const tokenList = z.object({ tokens: z.array(z.object(tokenShape)), count: z.int() }).describe('OK')

export const signOutView = z.object({ signed_out: z.boolean() }).describe('OK')
