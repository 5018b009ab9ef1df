/** A Conversation becomes the conversationState of GenerateAssistantResponse (protocol 3.5 to 3.10 and 8). */

import type { Conversation, JsonObject } from '../../conversation/conversation.ts'
import type { Loss } from '../../conversation/loss.ts'
import type { ModelInfo, RequestForm } from '../upstream.ts'
import { arrangeTurns } from './arrange-turns.ts'
import type {
  QAssistantMessage,
  QConversationState,
  QMessage,
  QOrigin,
  QTool,
  QUserMessage,
} from './schema.ts'
import { createToolNames } from './tool-names.ts'
import type { ToolNames } from './tool-names.ts'
import { encodeTools } from './tool-specs.ts'
import type { LongDescription } from './tool-specs.ts'
import type { UserMessage } from './user-message.ts'

interface EncodeOptions {
  /** As the account's own list has it. */
  model: ModelInfo
  form: RequestForm
  /** Whose request this is: what the service signed for another account it would refuse. */
  accountId: string
  conversationId: string
  /** Which kind of client this is, in the service's own words; see channels.ts. */
  origin: QOrigin
}

export interface EncodedRequest {
  conversationState: QConversationState
  /** The model's own request fields: thinking, effort, output limit (protocol 3.9). */
  additionalModelRequestFields?: JsonObject
  losses: Loss[]
  /** For the way back: the answer speaks of tools by the service's names. */
  toolNames: ToolNames
}

const LEFT_OUT_TEXT = '[The images of this message are left out, as they cannot be seen here.]'

/** Pure. What the service would refuse is put in order, so that every conversation gives a valid request. */
export function encodeRequest(conversation: Conversation, options: EncodeOptions): EncodedRequest {
  const { history, current } = arrangeTurns(conversation)
  const { model, form, origin, conversationId } = options
  if (!model.takesImages) leaveOutImages(history, current)
  const usedNames = new Set(history.flatMap(({ assistant }) => assistant.toolUses.map(({ name }) => name)))
  const toolNames = createToolNames(
    conversation.tools.map(({ name }) => name),
    [...usedNames],
  )
  const { specs, longDescriptions, losses } = encodeTools(conversation, {
    usedNames,
    names: toolNames,
    schemas: form.toolSchemas,
  })
  const first = history[0]?.user ?? current
  first.texts.unshift(...systemBlock(conversation.system, longDescriptions))

  const messages = history.flatMap(({ user, assistant }): QMessage[] => [
    { userInputMessage: encodeUser(user, []) },
    { assistantResponseMessage: encodeAssistant(assistant, toolNames) },
  ])
  const currentMessage = { userInputMessage: { ...encodeUser(current, specs), origin, modelId: model.id } }
  return {
    conversationState: {
      conversationId,
      chatTriggerType: 'MANUAL',
      ...(messages.length > 0 && { history: messages }),
      currentMessage,
    },
    losses,
    toolNames,
  }
}

/** For models that read text only: what was shown to another model must not end the conversation with this one. */
function leaveOutImages(history: readonly { user: UserMessage }[], current: UserMessage): void {
  for (const user of [...history.map((pair) => pair.user), current]) {
    if (user.images.length > 0) user.texts.push(LEFT_OUT_TEXT)
    user.images = []
  }
}

/**
 * The service has no place for a system prompt, so it opens the first user message (protocol 3.10): there it survives
 * turns that are tool results only, and the prefix stays the same from request to request, which prompt caches need.
 */
function systemBlock(system: string, longDescriptions: readonly LongDescription[]): string[] {
  const sections = longDescriptions.map(({ name, description }) => `# Tool ${name}\n\n${description}`)
  if (system.trim() !== '') sections.unshift(system)
  if (sections.length === 0) return []
  return [`<system-instructions>\n${sections.join('\n\n')}\n</system-instructions>`]
}

/** Absent members are left out: the service may refuse null and empty ones (protocol S25, S26). */
function encodeUser(message: UserMessage, tools: QTool[]): QUserMessage {
  const { images, toolResults } = message
  const context = {
    ...(toolResults.length > 0 && { toolResults }),
    ...(tools.length > 0 && { tools }),
  }
  return {
    content: contentOf(message),
    ...(images.length > 0 && { images }),
    ...(Object.keys(context).length > 0 && { userInputMessageContext: context }),
  }
}

/** Never empty, except next to tool results, where the official client sends it empty as well (protocol S13). */
function contentOf({ texts, images, toolResults }: UserMessage): string {
  if (texts.length > 0) return texts.join('\n\n')
  if (toolResults.length > 0) return ''
  return images.length > 0 ? 'See the attached image.' : 'Continue.'
}

/** A blank stands for a message that is tool uses only: all routes take it (protocol S13). */
function encodeAssistant(
  message: { text: string; toolUses: NonNullable<QAssistantMessage['toolUses']> },
  names: ToolNames,
): QAssistantMessage {
  const toolUses = message.toolUses.map((use) => ({ ...use, name: names.toService(use.name) }))
  return {
    content: message.text.trim() === '' ? ' ' : message.text,
    ...(toolUses.length > 0 && { toolUses }),
  }
}
