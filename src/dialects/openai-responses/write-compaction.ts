import { GatewayError } from '../../conversation/failures.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import { itemIdOf, type ItemPlace } from './output-item.ts'
import { sealSummary } from './sealed-summary.ts'

/** The one item that stands for the conversation so far. Throws `demand-unmet` without a summary: all would be forgotten. */
export function writeCompaction(place: ItemPlace, summary: string): JsonObject {
  if (summary.trim() === '') {
    throw new GatewayError(
      'demand-unmet',
      'The model wrote no summary of the conversation. Send the request again.',
    )
  }
  return { id: itemIdOf('cmp', place), type: 'compaction', encrypted_content: sealSummary(summary) }
}
