import { createConversation, type Conversation } from '../conversation/conversation.ts'
import { tellSearch } from '../conversation/tell-search.ts'
import type { SearchOutcome } from '../conversation/web-search.ts'
import type { WholeRound } from './round.ts'

interface Played {
  played: WholeRound
  /** Of its calls, in order. */
  outcomes: readonly SearchOutcome[]
  /** Whether the tool of this name is still on offer. */
  mayGoOn: (name: string) => boolean
}

/** The conversation with what the model said and what was found; undefined when its answer may not be any longer. */
export function goOn(
  conversation: Conversation,
  { played, outcomes, mayGoOn }: Played,
): Conversation | undefined {
  const { limits, tools, turns } = conversation
  const { maxOutputTokens } = limits
  const left = maxOutputTokens === undefined ? undefined : maxOutputTokens - played.end.usage.outputTokens
  if (left !== undefined && left < 1) return undefined
  return createConversation({
    ...conversation,
    turns: [
      ...turns,
      { role: 'assistant', parts: played.parts },
      {
        role: 'user',
        parts: played.calls.map(({ id }, index) => tellSearch(id, outcomes[index] ?? UNAVAILABLE)),
      },
    ],
    tools: tools.filter(({ name }) => mayGoOn(name)),
    // The call that was demanded has been made.
    toolChoice: { kind: 'auto' },
    limits: { ...limits, ...(left !== undefined && { maxOutputTokens: left }) },
  })
}

const UNAVAILABLE: SearchOutcome = { kind: 'failed', failure: 'unavailable' }
