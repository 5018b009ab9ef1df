/** Messages as the service takes them. Absent members are left out: it may refuse null and empty ones (protocol S25, S26). */

import type { AssistantMessage } from './arrange-turns.ts'
import type { QAssistantMessage, QToolEntry, QUserMessage } from './schema.ts'
import type { ToolNames } from './tool-names.ts'
import type { UserMessage } from './user-message.ts'

export function encodeUser(message: UserMessage, tools: QToolEntry[]): QUserMessage {
  const { images, documents, toolResults } = message
  const context = {
    ...(toolResults.length > 0 && { toolResults }),
    ...(tools.length > 0 && { tools }),
  }
  return {
    content: contentOf(message),
    ...(images.length > 0 && { images }),
    ...(documents.length > 0 && { documents }),
    ...(Object.keys(context).length > 0 && { userInputMessageContext: context }),
  }
}

/**
 * Never empty, except next to tool results, where the official client sends it empty as well (protocol S13). Documents want
 * a text beside them even there.
 */
function contentOf({ texts, images, documents, toolResults }: UserMessage): string {
  if (texts.length > 0) return texts.join('\n\n')
  if (documents.length > 0) return 'See the attached document.'
  if (toolResults.length > 0) return ''
  return images.length > 0 ? 'See the attached image.' : 'Continue.'
}

/** A blank stands for a message that is tool uses only: all routes take it (protocol S13). */
export function encodeAssistant(message: AssistantMessage, names: ToolNames): QAssistantMessage {
  const { text, reasoning } = message
  const toolUses = message.toolUses.map((use) => ({ ...use, name: names.toService(use.name) }))
  return {
    content: text.trim() === '' ? ' ' : text,
    ...(toolUses.length > 0 && { toolUses }),
    ...(reasoning !== undefined && { reasoningContent: reasoning }),
  }
}
