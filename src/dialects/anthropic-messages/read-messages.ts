/** Messages become turns; what the system says comes before them or between them. */
import type { Turn } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { createReminderTurn } from '../system-reminder.ts'
import { blocksOf, inside, type BlockPlace } from './block-place.ts'
import { readAssistantBlock, readSystemBlock, readUserBlock } from './read-blocks.ts'
import { readSearches } from './read-searches.ts'
import type { Content, Message } from './schema.ts'

/** Claude Code's billing line changes with every turn and tells the model nothing. */
const BILLING_LINE = /^x-anthropic-billing-header:[^\n]*\n*/

/** `place`: of the messages. `preamble`: system messages before anybody has spoken; they belong to the system prompt. */
export function readMessages(
  messages: readonly Message[],
  place: BlockPlace,
): { preamble: string[]; turns: Turn[] } {
  const lastUser = messages.findLastIndex(({ role }) => role === 'user')
  const preamble: string[] = []
  const turns: Turn[] = []
  for (const [index, message] of messages.entries()) {
    const at = inside(place, `${index}`)
    switch (message.role) {
      case 'user':
        turns.push({
          role: 'user',
          parts: blocksOf(message.content).flatMap((block, nth) =>
            readUserBlock(block, inside(at, `content.${nth}`)),
          ),
        })
        break
      case 'assistant':
        for (const turn of readSearches(blocksOf(message.content), (block, nth) =>
          readAssistantBlock(block, inside(at, `content.${nth}`)),
        ))
          turns.push(turn)
        break
      case 'system': {
        const texts = readSystem(message.content, inside(at, 'content'))
        // The client wants it forgotten once the user has gone on.
        if (texts.length === 0 || (message.clear_at === 'next_user_message' && index < lastUser)) break
        if (turns.length === 0) preamble.push(...texts)
        else turns.push(createReminderTurn(texts.join('\n\n')))
        break
      }
      default:
        unreachable(message)
    }
  }
  return { preamble, turns }
}

/** The texts of a system prompt or message, empty ones left out. `place`: of the content. */
export function readSystem(content: Content | null | undefined, place: BlockPlace): string[] {
  return blocksOf(content)
    .flatMap((block, index) => readSystemBlock(block, inside(place, `${index}`)))
    .map((text) => text.replace(BILLING_LINE, ''))
    .filter((text) => text !== '')
}
