/** The messages of a request as a plain list, so that rules need not know where each one stands. */
import type { AssistantMessage, ChatMessage, ChatRequest, Tool, UserMessage } from './shape.ts'

export type Turn =
  | { role: 'user'; path: string; current: boolean; message: UserMessage }
  | { role: 'assistant'; path: string; current: boolean; message: AssistantMessage }

/** History first, the current message last. */
export function turnsOf(request: ChatRequest): Turn[] {
  const { history = [], currentMessage } = request.conversationState
  const past = history.flatMap((message, index) =>
    turnOf(message, `conversationState.history.${index}`, false),
  )
  return [...past, ...turnOf(currentMessage, 'conversationState.currentMessage', true)]
}

function turnOf(message: ChatMessage, path: string, current: boolean): Turn[] {
  const { userInputMessage: user, assistantResponseMessage: assistant } = message
  if (user !== undefined) return [{ role: 'user', path: `${path}.userInputMessage`, current, message: user }]
  if (assistant === undefined) return []
  return [{ role: 'assistant', path: `${path}.assistantResponseMessage`, current, message: assistant }]
}

export function userTurnsOf(turns: Turn[]) {
  return turns.filter((turn) => turn.role === 'user')
}

/** The tools that the current message declares. */
export function declaredTools(turns: Turn[]): Tool[] {
  const current = turns.at(-1)
  if (current?.role !== 'user') return []
  return specificationsOf(current.message)
}

export function specificationsOf(message: UserMessage): Tool[] {
  const { tools = [] } = contextOf(message)
  return tools.flatMap(({ toolSpecification }) => (toolSpecification ? [toolSpecification] : []))
}

export function toolResultsOf(message: UserMessage) {
  return contextOf(message).toolResults ?? []
}

export function contextOf(message: UserMessage): NonNullable<UserMessage['userInputMessageContext']> {
  return message.userInputMessageContext ?? {}
}
