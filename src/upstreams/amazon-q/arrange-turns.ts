/**
 * Turns into the order that the service accepts (protocol 8.2): pairs of a user and an assistant message, then the
 * current user message. Each tool use is answered by exactly one result in the message after it.
 */

import type { AssistantTurn, Turn } from '../../conversation/conversation.ts'
import { createConversation } from '../../conversation/conversation.ts'
import { isMarkedTurn } from './cache-points.ts'
import type { QReasoning, QToolUse } from './schema.ts'
import { createToolUseIds } from './tool-use-ids.ts'
import { plainMessage, readUserTurn, unansweredMessage } from './user-message.ts'
import type { ToolCall, UserMessage } from './user-message.ts'

export interface AssistantMessage {
  text: string
  toolUses: QToolUse[]
  reasoning: QReasoning | undefined
  isMarked: boolean
}

interface ArrangedTurns {
  history: { user: UserMessage; assistant: AssistantMessage }[]
  current: UserMessage
}

/** For a conversation that begins with the assistant. */
const OPENING_TEXT = '(The conversation begins.)'
/** For one that ends with the assistant: answers can only follow a user message. */
const CONTINUE_TEXT = 'Continue exactly where your last message ends, without repeating it.'

/** `reasoningOf` answers what of an assistant's thinking is sent again. */
export function arrangeTurns(
  turns: readonly Turn[],
  reasoningOf: (turn: AssistantTurn) => QReasoning | undefined,
): ArrangedTurns {
  const giveId = createToolUseIds()
  const history: ArrangedTurns['history'] = []
  let pending: UserMessage | undefined
  let calls: ToolCall[] = []
  for (const turn of turnsToSend(turns)) {
    if (turn.role === 'user') {
      pending = readUserTurn(turn, calls)
      continue
    }
    const toolUses = readToolUses(turn, giveId)
    calls = toolUses.map(({ clientId, use }) => ({ clientId, serviceId: use.toolUseId }))
    const assistant: AssistantMessage = {
      text: textOf(turn),
      toolUses: toolUses.map(({ use }) => use),
      reasoning: reasoningOf(turn),
      isMarked: isMarkedTurn(turn),
    }
    history.push({ user: pending ?? plainMessage(OPENING_TEXT), assistant })
    pending = undefined
  }
  return { history, current: pending ?? unansweredMessage(calls, CONTINUE_TEXT) }
}

/** An assistant turn that is thinking alone is no message; it is left out, and its neighbours merge. */
function turnsToSend(all: readonly Turn[]): Turn[] {
  const turns = all.filter((turn) => turn.role === 'user' || saysSomething(turn))
  return createConversation({ model: '', turns }).turns
}

function saysSomething(turn: AssistantTurn): boolean {
  return turn.parts.some(
    (part) => part.kind === 'tool-use' || (part.kind === 'text' && part.text.trim() !== ''),
  )
}

function textOf(turn: AssistantTurn): string {
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
