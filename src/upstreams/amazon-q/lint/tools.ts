/** The tools on offer (S9 to S12, limits of 8.1), but for their schemas. */

import { declaredTools, specificationsOf, textOf } from './sent-messages.ts'
import type { Rule, SentRequest } from './rule.ts'

const TOOLS_PATH = 'conversationState.currentMessage.userInputMessage.userInputMessageContext.tools'
/** The official client's rule, and the hyphen, which is accepted as well. */
const TOOL_NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/
/** UTF-8, as the official client counts. */
const MAX_DESCRIPTION_BYTES = 10_004
const MAX_SPECIFICATIONS_CHARACTERS = 600_000

export const toolRules: readonly Rule[] = [
  {
    name: 'tools-in-history',
    source: '8.2 S9',
    severity: 'poor',
    findBreaches: ({ messages }) =>
      messages
        .filter((message) => !message.isCurrent && specificationsOf(message).length > 0)
        .map(({ path }) => ({
          path: `${path}.userInputMessageContext.tools`,
          message: 'tools belong to the current message only',
        })),
  },
  {
    name: 'tools-missing',
    source: '8.2 S10',
    severity: 'refused',
    findBreaches({ messages }) {
      const hasTraffic = messages.some(
        ({ toolUses, toolResults }) => toolUses.length + toolResults.length > 0,
      )
      if (!hasTraffic || declaredTools(messages).length > 0) return []
      return [{ path: TOOLS_PATH, message: 'tools were used, so tools must be declared' }]
    },
  },
  {
    name: 'tool-undeclared',
    source: '8.2 S11',
    severity: 'refused',
    *findBreaches({ messages }) {
      const declared = new Set(declaredTools(messages).map(({ value }) => textOf(value['name'])))
      // Without any, `tools-missing` has said it.
      if (declared.size === 0) return
      for (const { path, value } of messages.flatMap(({ toolUses }) => toolUses)) {
        const name = textOf(value['name'])
        if (!declared.has(name)) yield { path: `${path}.name`, message: `${name} is not declared` }
      }
    },
  },
  {
    name: 'tool-name-twice',
    source: '8.2 S12',
    severity: 'refused',
    *findBreaches({ messages }) {
      const seen = new Set<string>()
      for (const { path, value } of declaredTools(messages)) {
        const name = textOf(value['name'])
        const isTwice = seen.has(name.toLowerCase())
        if (isTwice)
          yield { path: `${path}.name`, message: `another tool is called ${name}, whatever the case` }
        seen.add(name.toLowerCase())
      }
    },
  },
  {
    name: 'tool-name',
    source: '8.1',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { path, value } of declaredTools(messages)) {
        if (TOOL_NAME.test(textOf(value['name']))) continue
        yield { path: `${path}.name`, message: `must match ${TOOL_NAME.source}` }
      }
    },
  },
  {
    name: 'tool-description',
    source: '8.1',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { path, value } of declaredTools(messages)) {
        const description = textOf(value['description'])
        const bytes = Buffer.byteLength(description)
        if (description.trim() !== '' && bytes <= MAX_DESCRIPTION_BYTES) continue
        const message = `has ${bytes} bytes; a description has text, and at most ${MAX_DESCRIPTION_BYTES} bytes`
        yield { path: `${path}.description`, message }
      }
    },
  },
  { name: 'tools-size', source: '8.1', severity: 'poor', findBreaches: findSize },
]

function findSize({ messages }: SentRequest) {
  const size = JSON.stringify(declaredTools(messages).map(({ value }) => value)).length
  if (size <= MAX_SPECIFICATIONS_CHARACTERS) return []
  const message = `all tools together have ${size} characters; models lose their way above ${MAX_SPECIFICATIONS_CHARACTERS}`
  return [{ path: TOOLS_PATH, message }]
}
