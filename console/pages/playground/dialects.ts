/** The three APIs that the playground speaks: where each is asked, and how its answers are read. Pure. */
import type { Answer } from './answer/answer.ts'
import { readChatEvent, readWholeChat } from './answer/read-chat.ts'
import { readMessagesEvent, readWholeMessage } from './answer/read-messages.ts'
import { readResponsesEvent, readWholeResponse } from './answer/read-responses.ts'
import type { Json } from './json.ts'

export const dialectNames = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const
export type DialectName = (typeof dialectNames)[number]

interface DialectFacts {
  title: string
  /** For the operator, by the session. */
  trialPath: string
  /** For clients, by a key. */
  path: string
  readEvent: (answer: Answer, event: Json) => Answer
  readWhole: (body: Json) => Answer
}

export const dialects: Readonly<Record<DialectName, DialectFacts>> = {
  'openai-chat': {
    title: 'OpenAI Chat',
    trialPath: '/v2/chat/test',
    path: '/v1/chat/completions',
    readEvent: readChatEvent,
    readWhole: readWholeChat,
  },
  'openai-responses': {
    title: 'OpenAI Responses',
    trialPath: '/v2/responses/test',
    path: '/v1/responses',
    readEvent: readResponsesEvent,
    readWhole: readWholeResponse,
  },
  'anthropic-messages': {
    title: 'Anthropic Messages',
    trialPath: '/v2/messages/test',
    path: '/v1/messages',
    readEvent: readMessagesEvent,
    readWhole: readWholeMessage,
  },
}

export function isDialectName(name: string | null | undefined): name is DialectName {
  return dialectNames.some((each) => each === name)
}
