/** Tool uses and their results (S4 to S8, S16, S17, S21, S22). */

import { listOf, objectOf, textOf } from './sent-messages.ts'
import type { Placed, SentMessage } from './sent-messages.ts'
import type { Breach, Rule } from './rule.ts'

const TOOL_USE_ID = /^[a-zA-Z0-9_.:-]{1,64}$/
/** Words by which a model sees that a call failed; what they are in is not told. */
const SAYS_FAILURE = /fail|error|cancel|denied|refus|not found|no such|unable|cannot|exception/i
const MAX_REPETITIONS = 2

export const toolTrafficRules: readonly Rule[] = [
  {
    name: 'results-at-start',
    source: '8.2 S4',
    severity: 'refused',
    findBreaches: ({ messages: [first] }) =>
      (first?.toolResults ?? []).map(({ path }) => ({
        path,
        message: 'no tool use can be before the first message',
      })),
  },
  {
    name: 'use-unanswered',
    source: '8.2 S5, S8',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const [index, { toolUses }] of messages.entries()) {
        const results = new Set(idsOf(messages[index + 1]?.toolResults ?? []))
        for (const { path, value } of toolUses) {
          if (results.has(textOf(value['toolUseId']))) continue
          yield { path, message: 'the next message has no result for this tool use' }
        }
      }
    },
  },
  {
    name: 'result-without-use',
    source: '8.2 S6',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const [index, { toolResults }] of messages.entries()) {
        if (index === 0) continue
        const open = new Set(idsOf(messages[index - 1]?.toolUses ?? []))
        for (const { path, value } of toolResults) {
          // Each use takes one result, so a second one for it has none.
          if (!open.delete(textOf(value['toolUseId'])))
            yield { path, message: 'no tool use waits for this result' }
        }
      }
    },
  },
  {
    name: 'result-order',
    source: '8.2 S7',
    severity: 'poor',
    *findBreaches({ messages }) {
      for (const [index, { toolResults, path }] of messages.entries()) {
        const results = idsOf(toolResults)
        const answered = new Set(results)
        const uses = idsOf(messages[index - 1]?.toolUses ?? []).filter((id) => answered.has(id))
        const used = new Set(uses)
        const ordered = results.filter((id) => used.has(id))
        if (new Set(ordered).size < ordered.length || ordered.every((id, place) => id === uses[place]))
          continue
        const message = 'results must stand in the order of their tool uses'
        yield { path: `${path}.userInputMessageContext.toolResults`, message }
      }
    },
  },
  {
    name: 'result-empty',
    source: '8.2 S16',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { path, value } of messages.flatMap(({ toolResults }) => toolResults)) {
        const content = listOf(value['content']).map(objectOf)
        const isEmpty =
          content.length === 0 || content.some(({ text }) => textOf(text).trim() === '' && text !== undefined)
        if (isEmpty) yield { path: `${path}.content`, message: 'a tool result must have text' }
      }
    },
  },
  {
    name: 'failure-unsaid',
    source: '8.2 S17',
    severity: 'poor',
    *findBreaches({ messages }) {
      for (const { path, value } of messages.flatMap(({ toolResults }) => toolResults)) {
        if (value['status'] !== 'error') continue
        const texts = listOf(value['content']).map((block) => textOf(objectOf(block)['text']))
        if (texts.some((text) => SAYS_FAILURE.test(text))) continue
        yield { path, message: 'models do not see the status; the text must say that the tool failed' }
      }
    },
  },
  {
    name: 'tool-use-id-twice',
    source: '8.2 S21',
    severity: 'refused',
    *findBreaches({ messages }) {
      const seen = new Set<string>()
      for (const { path, value } of messages.flatMap(({ toolUses }) => toolUses)) {
        const id = textOf(value['toolUseId'])
        if (seen.has(id)) yield { path: `${path}.toolUseId`, message: 'another tool use has the same id' }
        seen.add(id)
      }
    },
  },
  {
    name: 'tool-use-id',
    source: '8.1',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { path, value } of messages.flatMap(({ toolUses }) => toolUses)) {
        if (TOOL_USE_ID.test(textOf(value['toolUseId']))) continue
        yield { path: `${path}.toolUseId`, message: `must match ${TOOL_USE_ID.source}` }
      }
    },
  },
  {
    name: 'repeated-call',
    source: '8.2 S22',
    severity: 'poor',
    findBreaches: ({ messages }) => findRepetitions(messages),
  },
]

function* findRepetitions(messages: readonly SentMessage[]): Iterable<Breach> {
  let latest = ''
  let repetitions = 0
  for (const { path, value } of messages.flatMap(({ toolUses }) => toolUses)) {
    const call = JSON.stringify([value['name'], value['input']])
    repetitions = call === latest ? repetitions + 1 : 0
    latest = call
    if (repetitions !== MAX_REPETITIONS) continue
    yield {
      path,
      message: `${textOf(value['name'])} is called with the same input for the third time in a row`,
    }
  }
}

function idsOf(items: readonly Placed[]): string[] {
  return items.map(({ value }) => textOf(value['toolUseId']))
}
