/** How the bytes of an answer are cut into writes, and how long they wait. */
import { z } from 'zod'

const deliverySchema = z.strictObject({
  /** One write a frame, one write for all that is ready, or writes of so many bytes. */
  slice: z.union([z.literal('frame'), z.literal('whole'), z.number().int().positive()]),
  /** Before the status line. */
  headersDelayMs: z.number(),
  /** Between the headers and the first frame. */
  firstByteDelayMs: z.number(),
  /** Between one frame and the next. */
  frameDelayMs: z.number(),
})

export const deliveryChangesSchema = deliverySchema.partial()

export type Delivery = z.infer<typeof deliverySchema>
export type DeliveryChanges = z.infer<typeof deliveryChangesSchema>

export const defaultDelivery: Delivery = {
  slice: 'frame',
  headersDelayMs: 0,
  firstByteDelayMs: 0,
  frameDelayMs: 0,
}
