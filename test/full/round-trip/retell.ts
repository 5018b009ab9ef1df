/** What was sent to the service, as a tale again: told once more, it has to arrive as it is. */
import { imageFormats } from '../../sample-images.ts'
import type { SentConversation } from '../../sent-conversation.ts'
import type { AssistantTurn, Tale, TalePiece, UserTurn } from './tale.ts'

export function retell({ users, assistants }: SentConversation): Tale {
  const turns = users.flatMap((user, index): Tale['turns'] => {
    const answer = assistants[index]
    return answer === undefined ? [retellUser(user)] : [retellUser(user), retellAssistant(answer)]
  })
  const tools = (users.at(-1)?.userInputMessageContext.tools ?? []).map(({ toolSpecification }) => ({
    name: toolSpecification.name,
    description: toolSpecification.description,
    schema: toolSpecification.inputSchema.json,
  }))
  return { system: [], tools, turns, sessionId: undefined, mayCall: true }
}

function retellUser({
  content,
  images,
  userInputMessageContext,
}: SentConversation['users'][number]): UserTurn {
  const shown = images.map(({ format, source }): TalePiece => {
    const known = imageFormats.find((each) => each === format)
    if (known === undefined) throw new Error(`An image of the format ${format}`)
    return { kind: 'image', format: known, base64: source.bytes }
  })
  return {
    role: 'user',
    results: userInputMessageContext.toolResults.map((result) => ({
      callId: result.toolUseId,
      pieces: result.content.map(({ text }) => ({ kind: 'text', text })),
    })),
    pieces: content === '' ? shown : [...shown, { kind: 'text', text: content }],
    reminder: undefined,
  }
}

function retellAssistant({ content, toolUses }: SentConversation['assistants'][number]): AssistantTurn {
  return {
    role: 'assistant',
    thinking: undefined,
    texts: content === ' ' ? [] : [content],
    calls: toolUses.map(({ toolUseId, name, input }) => ({ id: toolUseId, name, input })),
  }
}
