/** Who speaks when, and that everybody says something (S1, S2, S3, S13). */

import type { Breach, Rule, SentRequest } from './rule.ts'

export const orderRules: readonly Rule[] = [
  {
    name: 'current-message-user',
    source: '8.2 S1',
    severity: 'refused',
    findBreaches: ({ messages }) =>
      messages.at(-1)?.role === 'user' && messages.at(-1)?.isCurrent === true
        ? []
        : [{ path: 'conversationState.currentMessage', message: 'the current message must be the user’s' }],
  },
  {
    name: 'history-ends',
    source: '8.2 S2',
    severity: 'refused',
    findBreaches: findWrongEnds,
  },
  {
    name: 'alternation',
    source: '8.2 S3',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const [index, { role, path, isCurrent }] of messages.entries()) {
        if (isCurrent || messages[index - 1]?.role !== role) continue
        yield { path, message: `two ${role} messages follow each other` }
      }
    },
  },
  {
    name: 'content-empty',
    source: '8.2 S13',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { content, path, members, toolUses, toolResults } of messages) {
        if (content !== '' || typeof members['content'] !== 'string') continue
        if (toolUses.length > 0 || toolResults.length > 0) continue
        yield { path: `${path}.content`, message: 'content may be empty beside tool traffic only' }
      }
    },
  },
]

function findWrongEnds({ messages }: SentRequest): Breach[] {
  const history = messages.filter(({ isCurrent }) => !isCurrent)
  const [first, last] = [history[0], history.at(-1)]
  const breaches: Breach[] = []
  if (first?.role === 'assistant') {
    breaches.push({ path: first.path, message: 'the history must begin with a user message' })
  }
  if (last?.role === 'user') {
    breaches.push({ path: last.path, message: 'the history must end with an assistant message' })
  }
  return breaches
}
