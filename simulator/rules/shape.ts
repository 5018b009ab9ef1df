/** The modelled request: every member that the official client's newest model knows, and nothing else. */
import { z } from 'zod'

const text = z.string()
const optionalText = z.string().optional()
const document = z.unknown().optional()
const documentObject = z.record(z.string(), z.unknown())
const cachePoint = z.strictObject({ type: z.literal('default') })

/** Exactly one member, as a union of the service has. */
function oneMember<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .strictObject(shape)
    .refine((value) => Object.values(value).filter((member) => member !== undefined).length === 1, {
      message: 'exactly one member of the union must be set',
    })
}

const position = z.strictObject({ line: z.number(), character: z.number() })
const range = z.strictObject({ start: position, end: position })
const programmingLanguage = z.strictObject({ languageName: text })
const documentSymbol = z.strictObject({
  name: text,
  type: z.enum(['DECLARATION', 'USAGE']),
  source: optionalText,
})
const textDocument = z.strictObject({
  relativeFilePath: text,
  programmingLanguage: programmingLanguage.optional(),
  text: optionalText,
  documentSymbols: z.array(documentSymbol).optional(),
})
const editorState = z.strictObject({
  document: textDocument.optional(),
  cursorState: oneMember({ position: position.optional(), range: range.optional() }).optional(),
  relevantDocuments: z
    .array(textDocument.extend({ type: z.enum(['CODE', 'FILE', 'PROMPT', 'WORKSPACE']).optional() }))
    .optional(),
  useRelevantDocuments: z.boolean().optional(),
  workspaceFolders: z.array(text).optional(),
})
const shellState = z.strictObject({
  shellName: text,
  shellHistory: z
    .array(
      z.strictObject({
        command: text,
        directory: optionalText,
        exitCode: z.number().optional(),
        stdout: optionalText,
        stderr: optionalText,
      }),
    )
    .optional(),
})
const environmentState = z.strictObject({
  operatingSystem: optionalText,
  currentWorkingDirectory: z.string().max(256).optional(),
  environmentVariables: z.array(z.strictObject({ key: optionalText, value: optionalText })).optional(),
  timezoneOffset: z.number().optional(),
})

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
  editorState: editorState.optional(),
  shellState: shellState.optional(),
  gitState: z.strictObject({ status: optionalText }).optional(),
  envState: environmentState.optional(),
  appStudioContext: documentObject.optional(),
  diagnostic: documentObject.optional(),
  consoleState: documentObject.optional(),
  userSettings: z.strictObject({ hasConsentedToCrossRegionCalls: z.boolean().optional() }).optional(),
  additionalContext: z
    .array(z.strictObject({ name: text, description: text, innerContext: optionalText }))
    .optional(),
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

const assistantResponseMessage = z.strictObject({
  content: text,
  messageId: optionalText,
  supplementaryWebLinks: z
    .array(z.strictObject({ url: text, title: text, snippet: optionalText }))
    .optional(),
  references: z.array(documentObject).optional(),
  followupPrompt: z.strictObject({ content: text, userIntent: userIntent.optional() }).optional(),
  toolUses: z.array(z.strictObject({ toolUseId: text, name: text, input: documentObject })).optional(),
  cachePoint: cachePoint.optional(),
  reasoningContent: oneMember({
    reasoningText: z.strictObject({ text, signature: optionalText }).optional(),
    redactedContent: optionalText,
  }).optional(),
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
export type Tool = z.infer<typeof toolSpecification>
