/** What the user side says now and the model cannot read: refused, where earlier things of the kind are only left out. */

import type { Conversation, UserPart } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { ModelInfo } from '../upstream.ts'

/** Throws `invalid-request`. Only what comes after the model's last answer counts. */
export function refuseUnreadable({ turns }: Conversation, model: ModelInfo): void {
  const last = turns.at(-1)
  if (last?.role !== 'user') return
  if (model.takesImages || !last.parts.some(hasImage)) return
  const text = 'model: This model takes text only. Leave out the images, or choose a model that reads them.'
  throw new GatewayError('invalid-request', text, { field: 'model', code: 'unsupported_value' })
}

function hasImage(part: UserPart): boolean {
  if (part.kind === 'tool-result') return part.content.some(hasImage)
  return part.kind === 'image' || part.kind === 'image-link'
}
