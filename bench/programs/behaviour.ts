import { z } from 'zod'

/** How the upstream answers from now on. */
export const behaviourSchema = z.object({
  tokens: z.int().min(1),
  /** How many tokens share one write to the socket. */
  tokensPerWrite: z.int().min(1),
  /** Absent: as fast as the socket takes them. */
  tokensPerSecond: z.number().positive().optional(),
  /** For callers of the ready-made answers: a stream, or one document. */
  stream: z.boolean(),
  /** Requests with less are refused: a gateway that drops part of a prompt does not win. */
  leastRequestBytes: z.int().optional(),
})
export type Behaviour = z.infer<typeof behaviourSchema>
