/** The modelled request: every member that the official client's newest model knows, and nothing else. */
import { z } from 'zod'
import { oneMember, surroundings } from './surroundings.ts'

const text = z.string()
const optionalText = z.string().optional()
const document = z.unknown().optional()
const documentObject = z.record(z.string(), z.unknown())
const cachePoint = z.strictObject({ type: z.literal('default') })

const toolResult = z.strictObject({
  toolUseId: text,
  content: z.array(oneMember({ text: optionalText, json: document })),
  status: z.enum(['success', 'error']).optional(),
  toolName: optionalText,
})
const toolSpecification = z.strictObject({
  name: text,
  description: optionalText,
  inputSchema: z.strictObject({ json: document }),
})
const tool = oneMember({
  toolSpecification: toolSpecification.optional(),
  cachePoint: cachePoint.optional(),
})

const userInputMessageContext = z.strictObject({
  ...surroundings,
  toolResults: z.array(toolResult).optional(),
  tools: z.array(tool).optional(),
})

const ORIGINS = [
  'AI_EDITOR',
  'CHATBOT',
  'CLI',
  'CONSOLE',
  'DOCUMENTATION',
  'GITLAB',
  'IDE',
  'INLINE_CHAT',
  'KIRO_CLI',
  'KIRO_WEB',
  'MARKETING',
  'MD',
  'MD_CE',
  'MD_IDE',
  'MOBILE',
  'OPENSEARCH_DASHBOARD',
  'Q_DEV_BEXT',
  'SAGE_MAKER',
  'SERVICE_INTERNAL',
  'SM_AI_STUDIO_IDE',
  'UNIFIED_SEARCH',
  'UNKNOWN',
]
export const originSchema = z.enum(ORIGINS)

const userIntent = z.enum([
  'APPLY_COMMON_BEST_PRACTICES',
  'CITE_SOURCES',
  'CODE_GENERATION',
  'EXPLAIN_CODE_SELECTION',
  'EXPLAIN_LINE_BY_LINE',
  'GENERATE_CLOUDFORMATION_TEMPLATE',
  'GENERATE_UNIT_TESTS',
  'IMPROVE_CODE',
  'SHOW_EXAMPLES',
  'SUGGEST_ALTERNATE_IMPLEMENTATION',
])

const source = z.strictObject({ bytes: text })

const userInputMessage = z.strictObject({
  content: text,
  userInputMessageContext: userInputMessageContext.optional(),
  userIntent: userIntent.optional(),
  origin: originSchema.optional(),
  // The format is open here: an unknown one has a reason of its own.
  images: z.array(z.strictObject({ format: text, source })).optional(),
  documents: z.array(z.strictObject({ name: text, format: text, source })).optional(),
  modelId: optionalText,
  cachePoint: cachePoint.optional(),
  clientCacheConfig: z.strictObject({ useClientCachingOnly: z.boolean().optional() }).optional(),
})

const reasoningContent = oneMember({
  reasoningText: z.strictObject({ text, signature: optionalText }).optional(),
  redactedContent: optionalText,
})

const assistantResponseMessage = z.strictObject({
  content: text,
  messageId: optionalText,
  supplementaryWebLinks: z
    .array(z.strictObject({ url: text, title: text, snippet: optionalText }))
    .optional(),
  references: z
    .array(
      z.strictObject({
        licenseName: optionalText,
        repository: optionalText,
        url: optionalText,
        recommendationContentSpan: z
          .strictObject({ start: z.number().optional(), end: z.number().optional() })
          .optional(),
      }),
    )
    .optional(),
  followupPrompt: z.strictObject({ content: text, userIntent: userIntent.optional() }).optional(),
  toolUses: z.array(z.strictObject({ toolUseId: text, name: text, input: documentObject })).optional(),
  cachePoint: cachePoint.optional(),
  reasoningContent: reasoningContent.optional(),
})

const chatMessage = oneMember({
  userInputMessage: userInputMessage.optional(),
  assistantResponseMessage: assistantResponseMessage.optional(),
})

export const requestSchema = z.strictObject({
  conversationState: z.strictObject({
    currentMessage: chatMessage,
    chatTriggerType: z.enum(['MANUAL', 'DIAGNOSTIC', 'INLINE_CHAT']),
    conversationId: optionalText,
    workspaceId: optionalText,
    history: z.array(chatMessage).optional(),
    customizationArn: optionalText,
    agentContinuationId: optionalText,
    agentTaskType: z.enum(['vibe', 'spectask']).optional(),
  }),
  profileArn: optionalText,
  agentMode: optionalText,
  additionalModelRequestFields: document,
})

export type ChatRequest = z.infer<typeof requestSchema>
export type ChatMessage = z.infer<typeof chatMessage>
export type UserMessage = z.infer<typeof userInputMessage>
export type AssistantMessage = z.infer<typeof assistantResponseMessage>
export type ReasoningContent = z.infer<typeof reasoningContent>
export type Tool = z.infer<typeof toolSpecification>
