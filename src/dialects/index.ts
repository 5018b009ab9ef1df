import { anthropicMessages } from './anthropic-messages/index.ts'
import type { Dialect } from './dialect.ts'
import { openaiChat } from './openai-chat/index.ts'
import { openaiCompact, openaiResponses } from './openai-responses/index.ts'

/** Every client API that the gateway serves. The last one recognises whatever the others do not. */
export const dialects: readonly Dialect[] = [anthropicMessages, openaiResponses, openaiCompact, openaiChat]
