/** Threads of Anthropic: conversations that a server holds as long as it likes. This one does not hold them at all. */
import { GatewayError } from '../../conversation/failures.ts'
import type { PromptBody } from './schema.ts'

/** By this code of theirs, Anthropic's libraries know to send the whole conversation. */
export const THREAD_NOT_FOUND = 'thread_not_found'

/** Throws for what goes on with a thread. Libraries begin one unasked where they run tools, so beginning is no fault. */
export function refuseToContinue({ thread }: PromptBody): void {
  if (thread?.type !== 'continue') return
  const field = 'thread.previous_message_id'
  const text = `${field}: No thread is kept here; send the whole conversation, without \`thread\``
  throw new GatewayError('not-found', text, { field, code: THREAD_NOT_FOUND })
}
