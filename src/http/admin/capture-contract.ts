/** The shapes of the routes for what is said in calls. */
import * as z from 'zod'
import { captureScopes } from '../../captures/capture-rule.ts'

const instant = z.string().describe('ISO 8601')
const MINUTES = 'must be a whole number from 1 to 1440'
const KEY = 'must be the id of a key'

export const capturePath = z.object({ scope: z.enum(captureScopes) })

export const captureBody = z.strictObject({
  minutes: z.number().int(MINUTES).min(1, MINUTES).max(1440, MINUTES).default(15),
  keyId: z.string().min(1, KEY).max(64, KEY).exactOptional().describe('With the scope `key` alone'),
})

export const capturesAnswer = z.object({
  keepHours: z.number().describe('How long bodies are kept; 0: none is, and nothing can be switched on'),
  rules: z.array(
    z.object({
      scope: z.enum(captureScopes),
      keyId: z.string().nullable(),
      startedAt: instant,
      endsAt: instant,
      captured: z.number(),
      dropped: z.number().describe('Calls of which nothing was kept: there were too many at once'),
    }),
  ),
  kept: z.object({
    calls: z.number(),
    bytes: z.number().describe('As they are stored'),
    oldestAt: instant.nullable(),
    callIds: z.array(z.string()).describe('Latest first'),
  }),
  most: z.object({ calls: z.number(), bytes: z.number(), bodyBytes: z.number(), minutes: z.number() }),
})

export const purgeAnswer = z.object({ purged: z.number() })

const hidden = z.number()
const body = z
  .object({
    form: z.enum(['json', 'stream', 'text']),
    text: z.string(),
    bytes: z.number().describe('Of the whole body, before anything was left out'),
    isCut: z.boolean(),
    hidden: z
      .object({ secrets: hidden, fields: hidden, media: hidden })
      .describe('How many passages, members and media were left out'),
  })
  .nullable()

export const capturedBodiesAnswer = z.object({
  id: z.string(),
  at: instant.describe('When the call had ended'),
  expiresAt: instant,
  path: z.string(),
  request: body,
  answer: body,
})
