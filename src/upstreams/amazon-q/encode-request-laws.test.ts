/** What holds for the request of any conversation, judged by rules written from the protocol and by the official client. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConversation } from '../../conversation/conversation.ts'
import type {
  AssistantPart,
  CacheMark,
  Conversation,
  DocumentPart,
  Effort,
  Limits,
  Thinking,
  Turn,
  UserPart,
} from '../../conversation/conversation.ts'
import { throughOfficialClient } from '../../../test/official-request.ts'
import { sampleModel } from '../../../test/sample-model.ts'
import { FULL_FORM, type ModelInfo } from '../upstream.ts'
import { encodeRequest } from './encode-request.ts'
import type { EncodedRequest } from './encode-request.ts'
import { createReasoningSeal } from './reasoning-seal.ts'
import type { QConversationState } from './schema.ts'

const NAMES = ['ls', 'LS', 'read', 'a b', 'x'.repeat(80), '9lives']
const IDS = ['a', 'b', 'c', 'ü', 'y'.repeat(70)]
const someText = fc.constantFrom('', ' ', 'hi', 'wörld', '\ud83d', '{}')
const someMark = fc.constantFrom<{ cacheMark?: CacheMark }>(
  {},
  {},
  { cacheMark: {} },
  { cacheMark: { ttl: '1h' } },
)
const someTextPart = fc
  .tuple(someText, someMark)
  .map(([value, mark]) => ({ kind: 'text', text: value, ...mark }) as const)
const someImage = someMark.map(
  (mark) => ({ kind: 'image', format: 'png', base64: 'iVBORw0KGgo=', ...mark }) as const,
)
const someDocument = fc
  .record({
    name: fc.constantFrom('', 'Plan.pdf', 'plan.pdf', '計画', 'a  b', 'x'.repeat(300)),
    format: fc.constantFrom('pdf' as const, 'txt' as const, 'csv' as const),
    base64: fc.constantFrom('', 'aGk=', '/w=='),
  })
  .map((rest): DocumentPart => ({ kind: 'document', ...rest }))
const somePiece = fc.oneof(someTextPart, someImage, someDocument)
const somePart = fc.oneof(
  somePiece,
  fc
    .record({
      toolUseId: fc.constantFrom(...IDS),
      content: fc.array(somePiece, { maxLength: 2 }),
      failed: fc.boolean(),
    })
    .map((rest): UserPart => ({ kind: 'tool-result', ...rest })),
)
const seal = createReasoningSeal({ accountId: 'account-1', modelId: sampleModel.id })
const someProof = fc.constantFrom('eA==', seal.close('eA=='), seal.close('cHJvb2Y='))
const someAnswer = fc.oneof(
  someTextPart,
  fc.constant<AssistantPart>({ kind: 'thinking', text: 'hm' }),
  someProof.map((signature): AssistantPart => ({ kind: 'thinking', text: 'hm', signature })),
  someProof.map((data): AssistantPart => ({ kind: 'redacted-thinking', data })),
  fc
    .record({ id: fc.constantFrom(...IDS), name: fc.constantFrom(...NAMES) })
    .map((rest): AssistantPart => ({ kind: 'tool-use', ...rest, input: { path: '.' } })),
)
const someTurn = fc.oneof(
  fc.array(somePart, { maxLength: 4 }).map((parts): Turn => ({ role: 'user', parts })),
  fc.array(someAnswer, { maxLength: 4 }).map((parts): Turn => ({ role: 'assistant', parts })),
)
const someTool = fc.tuple(fc.constantFrom(...NAMES), someMark).map(([name, mark]) => ({
  name,
  description: '',
  inputSchema: { $schema: 'draft', required: null },
  ...mark,
}))
const someThinking = fc.constantFrom<Thinking>(
  { kind: 'default' },
  { kind: 'off' },
  { kind: 'budget', budgetTokens: 2000, shown: true },
  { kind: 'adaptive', shown: false },
)
const someConversation = fc
  .record(
    {
      turns: fc.array(someTurn, { maxLength: 7 }),
      system: fc.constantFrom('', 'Be brief.'),
      tools: fc.array(someTool, { maxLength: 4 }),
      toolChoice: fc.constantFrom({ kind: 'auto' } as const, { kind: 'none' } as const),
      thinking: someThinking,
      effort: fc.constantFrom<Effort>('low', 'max'),
      limits: fc.constant<Limits>({ stopSequences: [], maxOutputTokens: 100 }),
    },
    { requiredKeys: ['turns'] },
  )
  .map((draft) => createConversation({ model: 'claude-sonnet-4.5', ...draft }))

const requestFields = {
  properties: {
    thinking: { properties: { type: { enum: ['adaptive', 'disabled'] }, display: { enum: ['omitted'] } } },
    output_config: { properties: { effort: { enum: ['low', 'high'] } } },
    max_tokens: { type: 'integer', minimum: 1024, maximum: 64_000 },
  },
}
const someOptions = fc.record({
  model: fc
    .record({
      takesImages: fc.boolean(),
      takesDocuments: fc.boolean(),
      thinking: fc.constantFrom('fields' as const, 'tags' as const, 'none' as const),
      cacheMarks: fc.constantFrom(0, 1, 4),
    })
    .chain((rest) =>
      fc.constantFrom<ModelInfo>({ ...sampleModel, ...rest }, { ...sampleModel, ...rest, requestFields }),
    ),
  form: fc.record({
    toolSchemas: fc.constantFrom('full' as const, 'plain' as const),
    earlierThinking: fc.constantFrom('replayed' as const, 'left-out' as const),
    modelFields: fc.constantFrom('sent' as const, 'left-out' as const),
  }),
  sendsCacheMarks: fc.boolean(),
})
type Options = Partial<Parameters<typeof encodeRequest>[1]>

function encodeAny(conversation: Conversation, options: Options = {}): EncodedRequest {
  return encodeRequest(conversation, {
    model: sampleModel,
    form: FULL_FORM,
    accountId: 'account-1',
    sendsCacheMarks: false,
    conversationId: 'c',
    origin: 'KIRO_CLI',
    ...options,
  })
}

function specNames({ currentMessage }: QConversationState): string[] {
  const tools = currentMessage.userInputMessage.userInputMessageContext?.tools ?? []
  return tools.flatMap((entry) => ('toolSpecification' in entry ? [entry.toolSpecification.name] : []))
}

/** The structure rules of protocol 8.2, checked from the outside; answers the rules that are broken. */
function brokenRules(state: QConversationState): string[] {
  const broken = new Set<string>()
  const demand = (rule: string, holds: boolean) => {
    if (!holds) broken.add(rule)
  }
  const messages = [...(state.history ?? []), state.currentMessage]
  const declared = specNames(state)
  const ids: string[] = []
  const documentNames: string[] = []
  let awaited: string[] = []
  messages.forEach((message, index) => {
    demand('S2/S3 user and assistant alternate', 'userInputMessage' in message === (index % 2 === 0))
    if ('userInputMessage' in message) {
      const {
        content,
        userInputMessageContext: context,
        images,
        documents,
        modelId,
      } = message.userInputMessage
      const results = context?.toolResults ?? []
      demand(
        'S5-S8 one result for each call, in order',
        results.map(({ toolUseId }) => toolUseId).join() === awaited.join(),
      )
      demand(
        'S9 tools on the current message only',
        index === messages.length - 1 || context?.tools === undefined,
      )
      demand(
        'modelId on the current message only',
        (index === messages.length - 1) === (modelId !== undefined),
      )
      demand('S13 content', content.trim() !== '' || results.length > 0)
      demand('documents have a text beside them', content.trim() !== '' || documents === undefined)
      documentNames.push(...(documents ?? []).map(({ name }) => name))
      demand(
        'S16 results have text',
        results.every((r) => r.content.length > 0 && r.content.every((b) => b.text.trim() !== '')),
      )
      demand(
        'no empty members',
        images?.length !== 0 &&
          documents?.length !== 0 &&
          context?.tools?.length !== 0 &&
          context?.toolResults?.length !== 0,
      )
      awaited = []
    } else {
      const { content, toolUses = [] } = message.assistantResponseMessage
      demand('S13 content', content !== '')
      demand(
        'S11 declared',
        toolUses.every(({ name }) => declared.includes(name)),
      )
      awaited = toolUses.map(({ toolUseId }) => toolUseId)
      ids.push(...awaited)
    }
  })
  demand('S27 unique names', new Set(documentNames).size === documentNames.length)
  demand('documents are few', documentNames.length <= 5)
  demand(
    'S27 names are valid',
    documentNames.every((name) => /^(?! )(?!.* {2})[A-Za-z0-9 ()[\]-]{1,200}(?<! )$/.test(name)),
  )
  demand('S2 history ends with the assistant', messages.length % 2 === 1)
  demand('S12 unique names', new Set(declared.map((name) => name.toLowerCase())).size === declared.length)
  demand(
    'names are valid',
    declared.every((name) => /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name)),
  )
  demand('S21 unique ids', new Set(ids).size === ids.length)
  demand(
    'ids are valid',
    ids.every((id) => /^[a-zA-Z0-9_.:-]{1,64}$/.test(id)),
  )
  demand('S26 no null', !JSON.stringify(state).includes('null'))
  return [...broken]
}

describe('any conversation', () => {
  it('gives a state that keeps the structure rules', () => {
    fc.assert(
      fc.property(someConversation, someOptions, (conversation, options) => {
        expect(brokenRules(encodeAny(conversation, options).conversationState)).toEqual([])
      }),
      { numRuns: 700 },
    )
  })

  it('gives a request that the official client knows to the last member', async () => {
    await fc.assert(
      fc.asyncProperty(someConversation, someOptions, async (conversation, options) => {
        const encoded = encodeAny(conversation, options)
        const { conversationState, additionalModelRequestFields: fields } = encoded
        const body = {
          conversationState,
          ...(fields !== undefined && { additionalModelRequestFields: fields }),
        }
        expect(await throughOfficialClient(body)).toEqual(body)
      }),
      { numRuns: 80 },
    )
  })

  it('is carried, or loses what it tells that it loses', () => {
    fc.assert(
      fc.property(someConversation, someOptions, (conversation, options) => {
        const { conversationState, additionalModelRequestFields, ...encoded } = encodeAny(
          conversation,
          options,
        )
        const sent = JSON.stringify({ conversationState, additionalModelRequestFields })
        const lost = encoded.losses.map(({ kind }) => kind)
        const { thinking, turns } = conversation

        const asks = thinking.kind === 'budget' || thinking.kind === 'adaptive'
        const isAskedFor = encoded.asksForThinkingTags || sent.includes('"type":"adaptive"')
        expect(isAskedFor || lost.includes('thinking')).toBe(asks)
        const reasoning = turns.flatMap(({ parts }) => parts.filter(({ kind }) => kind.endsWith('thinking')))
        const replayed = sent.match(/"reasoningText"|"redactedContent"/g) ?? []
        expect(lost.includes('earlier-thinking')).toBe(replayed.length < reasoning.length)
        // The other way round it does not hold: of two results for one call the first is not sent, nor is its note.
        expect(lost.includes('earlier-media') || !sent.includes('left out here')).toBe(true)
        expect(lost).toEqual([...new Set(lost)])
      }),
      { numRuns: 500 },
    )
  })

  it('leaves the conversation as it was', () => {
    fc.assert(
      fc.property(someConversation, someOptions, (conversation, options) => {
        const before = structuredClone(conversation)
        encodeAny(conversation, options)
        expect(conversation).toEqual(before)
      }),
      { numRuns: 50 },
    )
  })
})
