import { z } from 'zod'
import type { JournalEntry } from '../simulator/journal.ts'

const toolResult = z.object({
  toolUseId: z.string(),
  status: z.string(),
  content: z.array(z.object({ text: z.string() })),
})

const userInputMessage = z.object({
  content: z.string(),
  images: z.array(z.object({ format: z.string(), source: z.object({ bytes: z.string() }) })).default([]),
  userInputMessageContext: z
    .object({
      toolResults: z.array(toolResult).default([]),
      tools: z
        .array(
          z.object({
            toolSpecification: z.object({
              name: z.string(),
              description: z.string(),
              inputSchema: z.object({ json: z.record(z.string(), z.json()) }),
            }),
          }),
        )
        .default([]),
    })
    .default({ toolResults: [], tools: [] }),
})

const assistantResponseMessage = z.object({
  content: z.string(),
  toolUses: z
    .array(z.object({ toolUseId: z.string(), name: z.string(), input: z.record(z.string(), z.json()) }))
    .default([]),
})

const chatRequest = z.object({
  conversationState: z.object({
    history: z
      .array(z.union([z.object({ userInputMessage }), z.object({ assistantResponseMessage })]))
      .default([]),
    currentMessage: z.object({ userInputMessage }),
  }),
})

/** What of a conversation has really arrived at the service. */
export interface SentConversation {
  users: z.output<typeof userInputMessage>[]
  assistants: z.output<typeof assistantResponseMessage>[]
}

export function readSentConversation(entry: JournalEntry | undefined): SentConversation {
  return readSentBody(entry?.body)
}

export function readSentBody(body: unknown): SentConversation {
  const { history, currentMessage } = chatRequest.parse(body).conversationState
  const sent: SentConversation = { users: [], assistants: [] }
  for (const message of [...history, currentMessage]) {
    if ('userInputMessage' in message) sent.users.push(message.userInputMessage)
    else sent.assistants.push(message.assistantResponseMessage)
  }
  return sent
}
