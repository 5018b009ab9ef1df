/** The modelled request: the members that we may send, and no others (S14, S15, S23, S25, S26). */

import * as z from 'zod'
import type { JsonObject } from '../../../conversation/conversation.ts'
import type { Rule, ShapeFault } from './rule.ts'

const text = z.string()
/** Free for whoever writes it: tool inputs, schemas, the model's own fields. */
const document = z.record(z.string(), z.unknown())
const cachePoint = z.strictObject({ type: z.literal('default') })
const source = z.strictObject({ bytes: text })

const toolEntry = z.strictObject({
  toolSpecification: z
    .strictObject({
      name: text,
      description: text.optional(),
      inputSchema: z.strictObject({ json: document }),
    })
    .optional(),
  cachePoint: cachePoint.optional(),
})

const toolResult = z.strictObject({
  toolUseId: text,
  status: z.enum(['success', 'error']).optional(),
  content: z.array(z.strictObject({ text: text.optional(), json: document.optional() })),
})

const userInputMessage = z.strictObject({
  content: text,
  origin: text.optional(),
  modelId: text.optional(),
  images: z.array(z.strictObject({ format: text, source })).optional(),
  documents: z.array(z.strictObject({ name: text, format: text, source })).optional(),
  cachePoint: cachePoint.optional(),
  userInputMessageContext: z
    .strictObject({ toolResults: z.array(toolResult).optional(), tools: z.array(toolEntry).optional() })
    .optional(),
})

const assistantResponseMessage = z.strictObject({
  content: text,
  toolUses: z.array(z.strictObject({ toolUseId: text, name: text, input: document })).optional(),
  reasoningContent: z
    .strictObject({
      reasoningText: z.strictObject({ text, signature: text.optional() }).optional(),
      redactedContent: text.optional(),
    })
    .optional(),
  cachePoint: cachePoint.optional(),
})

const chatMessage = z.strictObject({
  userInputMessage: userInputMessage.optional(),
  assistantResponseMessage: assistantResponseMessage.optional(),
})

const requestBody = z.strictObject({
  conversationState: z.strictObject({
    conversationId: text.optional(),
    chatTriggerType: z.enum(['MANUAL', 'DIAGNOSTIC', 'INLINE_CHAT']),
    history: z.array(chatMessage).optional(),
    currentMessage: chatMessage,
  }),
  profileArn: text.optional(),
  additionalModelRequestFields: document.optional(),
})

type Row = [name: string, source: string, message: string]

const rows: readonly Row[] = [
  ['trigger-type', '8.2 S23', 'chatTriggerType must be MANUAL, DIAGNOSTIC or INLINE_CHAT'],
  ['content-text', '8.2 S14', 'content must be a text'],
  ['tool-input-object', '8.2 S15', 'the input of a tool use must be an object'],
  ['unknown-member', '8.2 S25', 'the service knows no such member'],
  ['null-member', '8.2 S26', 'a member without a value must be left out, not be null'],
  ['member-shape', '3.5', 'a required member is missing, or has the wrong type'],
]

export const shapeRules: readonly Rule[] = rows.map(([name, section, message]) => ({
  name,
  source: section,
  severity: 'refused',
  findBreaches: ({ shapeFaults }) =>
    shapeFaults.filter(({ rule }) => rule === name).map(({ path }) => ({ path, message })),
}))

export function findShapeFaults(body: JsonObject): ShapeFault[] {
  const parsed = requestBody.safeParse(body)
  if (parsed.success) return []
  return parsed.error.issues.flatMap((issue) => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ rule: 'unknown-member', path: [...path, key].join('.') }))
    }
    return [{ rule: ruleOf(issue.path, body), path: path.join('.') }]
  })
}

function ruleOf(path: readonly PropertyKey[], body: JsonObject): string {
  if (valueAt(body, path) === null) return 'null-member'
  const [member, parent, grandparent] = path.toReversed()
  if (member === 'chatTriggerType') return 'trigger-type'
  const isMessage = parent === 'userInputMessage' || parent === 'assistantResponseMessage'
  if (member === 'content' && isMessage && valueAt(body, path) !== undefined) return 'content-text'
  if (member === 'input' && grandparent === 'toolUses') return 'tool-input-object'
  return 'member-shape'
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (place, member) => (typeof place === 'object' && place !== null ? Reflect.get(place, member) : undefined),
    value,
  )
}
