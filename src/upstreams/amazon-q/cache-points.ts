/** Which of the client's cache marks (Anthropic's `cache_control`) become cache points of the request. */

import type { Conversation, Turn } from '../../conversation/conversation.ts'

export interface CachePoints<M> {
  /** By the client's name: after these. */
  tools: ReadonlySet<string>
  messages: ReadonlySet<M>
  /** Whether there are marks that become none. */
  isLossy: boolean
}

/** At most `most`, the last ones, as each covers all that comes before it. Tools come before all messages. */
export function chooseCachePoints<M extends { isMarked: boolean }>(
  conversation: Conversation,
  messages: readonly M[],
  most: number,
): CachePoints<M> {
  if (most === 0) return { tools: new Set(), messages: new Set(), isLossy: hasCacheMarks(conversation) }
  const markedTools = conversation.tools.filter(isMarkedTool)
  const markedMessages = messages.filter((message) => message.isMarked)
  const kept = markedMessages.slice(-most)
  const room = most - kept.length
  const keptTools = room === 0 ? [] : markedTools.slice(-room)
  return {
    tools: new Set(keptTools.map(({ name }) => name)),
    messages: new Set(kept),
    isLossy: kept.length < markedMessages.length || keptTools.length < markedTools.length,
  }
}

/** Whether any of its elements bears a mark. */
export function isMarkedTurn(turn: Turn): boolean {
  for (const part of turn.parts) {
    if ('cacheMark' in part && part.cacheMark !== undefined) return true
    if (part.kind === 'tool-result' && part.content.some(({ cacheMark }) => cacheMark !== undefined))
      return true
  }
  return false
}

function hasCacheMarks({ tools, turns }: Conversation): boolean {
  return tools.some(isMarkedTool) || turns.some(isMarkedTurn)
}

function isMarkedTool({ cacheMark }: Conversation['tools'][number]): boolean {
  return cacheMark !== undefined
}
