/** What the primary process and its workers tell each other. */
import * as z from 'zod'

const accountId = z.string()
/** Tells which question an answer is for. */
const turn = z.number()

export const toPrimary = z.discriminatedUnion('kind', [
  /** It takes connections, and began with these settings of the console. */
  z.object({ kind: z.literal('ready'), url: z.string(), settings: z.record(z.string(), z.string()) }),
  /** It cannot start, and ends. */
  z.object({ kind: z.literal('failed'), reason: z.string() }),
  /** May it lend this account, which may answer so many requests at once in all? */
  z.object({ kind: z.literal('take-slot'), turn, accountId, limit: z.number() }),
  z.object({ kind: z.literal('release-slot'), accountId }),
])

export const toWorker = z.discriminatedUnion('kind', [
  /** Let open answers finish, then end. */
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('slot'), turn, accountId, granted: z.boolean() }),
  /** It has a slot of an account that was refused before, and may release it. */
  z.object({ kind: z.literal('slot-offered'), accountId }),
])

export type ToPrimary = z.infer<typeof toPrimary>
export type ToWorker = z.infer<typeof toWorker>
