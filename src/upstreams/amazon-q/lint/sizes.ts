/** Lengths, and what a model takes of a whole request (8.1). */

import { listOf, objectOf, placed, textOf } from './sent-messages.ts'
import type { Breach, Rule, SentRequest } from './rule.ts'

const MAX_HISTORY = 10_000
/** The official client stops at 400 000, and says that the service does at these. */
const MAX_MESSAGE_CHARACTERS = 600_000
const MAX_RESULT_CHARACTERS = 800_000
/** Measured for models with a window of 200 000 tokens, taken to grow with the window. */
const BYTES_PER_WINDOW_TOKEN = 6
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const sizeRules: readonly Rule[] = [
  {
    name: 'history-length',
    source: '8.1',
    severity: 'refused',
    findBreaches({ messages }) {
      const length = messages.filter(({ isCurrent }) => !isCurrent).length
      return length > MAX_HISTORY
        ? [
            {
              path: 'conversationState.history',
              message: `has ${length} entries; the most are ${MAX_HISTORY}`,
            },
          ]
        : []
    },
  },
  {
    name: 'message-length',
    source: '8.1',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { role, content, path } of messages) {
        if (role === 'user') yield* findTooLong(`${path}.content`, content.length, MAX_MESSAGE_CHARACTERS)
      }
    },
  },
  {
    name: 'result-length',
    source: '8.1',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { path, value } of messages.flatMap(({ toolResults }) => toolResults)) {
        const lengths = listOf(value['content']).map((block) => textOf(objectOf(block)['text']).length)
        const length = lengths.reduce((sum, each) => sum + each, 0)
        yield* findTooLong(`${path}.content`, length, MAX_RESULT_CHARACTERS)
      }
    },
  },
  { name: 'body-size', source: '8.1', severity: 'refused', findBreaches: findBodySize },
  {
    name: 'conversation-id',
    source: '8.2 S28',
    severity: 'poor',
    findBreaches: ({ body }) =>
      UUID.test(textOf(objectOf(body['conversationState'])['conversationId']))
        ? []
        : [{ path: 'conversationState.conversationId', message: 'should be a UUID' }],
  },
  { name: 'cache-marks', source: '3.6', severity: 'refused', findBreaches: findCacheMarks },
]

function findTooLong(path: string, length: number, most: number): Breach[] {
  return length > most ? [{ path, message: `has ${length} characters; the most are ${most}` }] : []
}

/** Without images and documents, which have limits of their own. */
function findBodySize({ body, messages, model }: SentRequest): Breach[] {
  const media = messages.flatMap(({ members }) => [
    ...placed(members['images'], ''),
    ...placed(members['documents'], ''),
  ])
  const mediaBytes = media.reduce(
    (sum, { value }) => sum + textOf(objectOf(value['source'])['bytes']).length,
    0,
  )
  const bytes = Buffer.byteLength(JSON.stringify(body)) - mediaBytes
  const most = BYTES_PER_WINDOW_TOKEN * model.contextWindowTokens
  if (bytes <= most) return []
  return [{ path: '', message: `has ${bytes} bytes; the model's window takes about ${most}` }]
}

function findCacheMarks({ messages, model }: SentRequest): Breach[] {
  const paths = messages.flatMap(({ members, tools, path }) => [
    ...tools.filter(({ value }) => value['cachePoint'] !== undefined).map((tool) => tool.path),
    ...(members['cachePoint'] === undefined ? [] : [path]),
  ])
  const surplus = paths[model.cacheMarks]
  if (surplus === undefined) return []
  return [
    { path: surplus, message: `there are ${paths.length} cache marks; the model takes ${model.cacheMarks}` },
  ]
}
