/**
 * Turns into the order that the service accepts (protocol 8.2): pairs of a user and an assistant message, then the
 * current user message. Each tool use is answered by exactly one result in the message after it.
 */

import type { AssistantTurn, Conversation, Turn, UserTurn } from '../../conversation/conversation.ts'
import { createConversation } from '../../conversation/conversation.ts'
import type { QToolUse } from './schema.ts'
import { createToolUseIds } from './tool-use-ids.ts'
import { readUserTurn, unansweredMessage } from './user-message.ts'
import type { ToolCall, UserMessage } from './user-message.ts'

interface AssistantMessage {
  text: string
  toolUses: QToolUse[]
}

interface ArrangedTurns {
  history: { user: UserMessage; assistant: AssistantMessage }[]
  current: UserMessage
}

/** For a conversation that begins with the assistant. */
const OPENING_TEXT = '(The conversation begins.)'
/** For one that ends with the assistant: answers can only follow a user message. */
const CONTINUE_TEXT = 'Continue exactly where your last message ends, without repeating it.'

export function arrangeTurns(conversation: Conversation): ArrangedTurns {
  const giveId = createToolUseIds()
  const history: ArrangedTurns['history'] = []
  let pending: UserMessage | undefined
  let calls: ToolCall[] = []
  for (const turn of turnsToSend(conversation)) {
    if (turn.role === 'user') {
      pending = readUserTurn(turn, calls)
      continue
    }
    const toolUses = readToolUses(turn, giveId)
    calls = toolUses.map(({ clientId, use }) => ({ clientId, serviceId: use.toolUseId }))
    const assistant = { text: textOf(turn), toolUses: toolUses.map(({ use }) => use) }
    history.push({ user: pending ?? { texts: [OPENING_TEXT], images: [], toolResults: [] }, assistant })
    pending = undefined
  }
  return { history, current: pending ?? unansweredMessage(calls, CONTINUE_TEXT) }
}

/** Earlier thinking is left out; an assistant turn of which nothing remains goes with it, and its neighbours merge. */
function turnsToSend(conversation: Conversation): Turn[] {
  const turns = conversation.turns.filter((turn) => turn.role === 'user' || saysSomething(turn))
  return createConversation({ model: conversation.model, turns }).turns
}

function saysSomething(turn: AssistantTurn): boolean {
  return turn.parts.some(
    (part) => part.kind === 'tool-use' || (part.kind === 'text' && part.text.trim() !== ''),
  )
}

function textOf(turn: AssistantTurn | UserTurn): string {
  return turn.parts
    .filter((part) => part.kind === 'text')
    .map((part) => part.text)
    .join('\n\n')
}

function readToolUses(turn: AssistantTurn, giveId: (clientId: string) => string) {
  return turn.parts
    .filter((part) => part.kind === 'tool-use')
    .map(({ id, name, input }) => ({ clientId: id, use: { toolUseId: giveId(id), name, input } }))
}
