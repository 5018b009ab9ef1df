/** A client of each API: how it tells a tale and goes on with it, and what it makes of an answer. */
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts'
import type { Dialect } from '../../../src/dialects/dialect.ts'
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts'
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts'
import type { Random } from '../hostile/random.ts'
import { hearAnthropic } from './hear-anthropic.ts'
import { hearChat } from './hear-chat.ts'
import { hearResponses } from './hear-responses.ts'
import type { Ear } from './heard.ts'
import type { Tale, UserTurn } from './tale.ts'
import { tellAnthropic, tellAnthropicUser } from './tell-anthropic.ts'
import { tellChat, tellChatUser } from './tell-chat.ts'
import { tellResponses, tellResponsesUser } from './tell-responses.ts'
import type { Told } from './told.ts'

export interface Client {
  dialect: Dialect
  tell: (tale: Tale, random: Random) => Told
  /** Where in the body the conversation stands. */
  list: 'messages' | 'input'
  tellUser: (turn: UserTurn, random: Random) => object[]
  ear: Ear
  /** What a body says to be shown the model's thinking. */
  wish: object
}

export const clients: readonly [Client, ...Client[]] = [
  {
    dialect: anthropicMessages,
    tell: tellAnthropic,
    list: 'messages',
    tellUser: tellAnthropicUser,
    ear: hearAnthropic,
    wish: { thinking: { type: 'enabled', budget_tokens: 2000 } },
  },
  {
    dialect: openaiChat,
    tell: tellChat,
    list: 'messages',
    tellUser: tellChatUser,
    ear: hearChat,
    wish: { reasoning_effort: 'high' },
  },
  {
    dialect: openaiResponses,
    tell: tellResponses,
    list: 'input',
    tellUser: tellResponsesUser,
    ear: hearResponses,
    wish: { reasoning: { summary: 'auto' }, include: ['reasoning.encrypted_content'] },
  },
]
