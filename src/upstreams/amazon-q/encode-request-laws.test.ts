/** What holds for the request of any conversation, judged by rules written from the protocol and by the official client. */

import {
  CodeWhispererStreamingClient,
  GenerateAssistantResponseCommand,
} from '@aws/codewhisperer-streaming-client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConversation } from '../../conversation/conversation.ts'
import type { AssistantPart, Conversation, Turn, UserPart } from '../../conversation/conversation.ts'
import { sampleModel } from '../../../test/sample-model.ts'
import { FULL_FORM } from '../upstream.ts'
import { encodeRequest } from './encode-request.ts'
import type { QConversationState, QUserMessage } from './schema.ts'

const NAMES = ['ls', 'LS', 'read', 'a b', 'x'.repeat(80), '9lives']
const IDS = ['a', 'b', 'c', 'ü', 'y'.repeat(70)]
const someText = fc.constantFrom('', ' ', 'hi', 'wörld', '\ud83d', '{}')
const someTextPart = someText.map((value) => ({ kind: 'text', text: value }) as const)
const image = { kind: 'image', format: 'png', base64: 'iVBORw0KGgo=' } as const
const somePart = fc.oneof(
  someTextPart,
  fc.constant(image),
  fc
    .record({
      toolUseId: fc.constantFrom(...IDS),
      content: fc.array(fc.oneof(someTextPart, fc.constant(image)), { maxLength: 2 }),
      failed: fc.boolean(),
    })
    .map((rest): UserPart => ({ kind: 'tool-result', ...rest })),
)
const someAnswer = fc.oneof(
  someTextPart,
  fc.constant<AssistantPart>({ kind: 'thinking', text: 'hm' }),
  fc
    .record({ id: fc.constantFrom(...IDS), name: fc.constantFrom(...NAMES) })
    .map((rest): AssistantPart => ({ kind: 'tool-use', ...rest, input: { path: '.' } })),
)
const someTurn = fc.oneof(
  fc.array(somePart, { maxLength: 4 }).map((parts): Turn => ({ role: 'user', parts })),
  fc.array(someAnswer, { maxLength: 4 }).map((parts): Turn => ({ role: 'assistant', parts })),
)
const someTool = fc
  .constantFrom(...NAMES)
  .map((name) => ({ name, description: '', inputSchema: { $schema: 'draft', required: null } }))
const someConversation = fc
  .record({
    turns: fc.array(someTurn, { maxLength: 7 }),
    system: fc.constantFrom('', 'Be brief.'),
    tools: fc.array(someTool, { maxLength: 4 }),
    toolChoice: fc.constantFrom({ kind: 'auto' } as const, { kind: 'none' } as const),
  })
  .map((draft) => createConversation({ model: 'claude-sonnet-4.5', ...draft }))

function encodeAny(conversation: Conversation): QConversationState {
  const options = {
    model: sampleModel,
    form: FULL_FORM,
    accountId: 'account-1',
    conversationId: 'c',
    origin: 'KIRO_CLI',
  } as const
  return encodeRequest(conversation, options).conversationState
}

function specNames({ currentMessage }: QConversationState): string[] {
  const tools = currentMessage.userInputMessage.userInputMessageContext?.tools ?? []
  return tools.map(({ toolSpecification }) => toolSpecification.name)
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
  let awaited: string[] = []
  messages.forEach((message, index) => {
    demand('S2/S3 user and assistant alternate', 'userInputMessage' in message === (index % 2 === 0))
    if ('userInputMessage' in message) {
      const { content, userInputMessageContext: context, images, modelId } = message.userInputMessage
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
      demand(
        'S16 results have text',
        results.every((r) => r.content.length > 0 && r.content.every((b) => b.text.trim() !== '')),
      )
      demand(
        'no empty members',
        images?.length !== 0 && context?.tools?.length !== 0 && context?.toolResults?.length !== 0,
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

/** The body as the official client would send it: members that its model does not know are gone. */
async function throughOfficialClient(conversationState: QConversationState): Promise<unknown> {
  let body: unknown
  const client = new CodeWhispererStreamingClient({
    region: 'us-east-1',
    token: { token: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle(request: { body: Uint8Array }) {
        body = JSON.parse(new TextDecoder().decode(request.body))
        return Promise.reject(new Error('captured'))
      },
    },
  })
  const images = withImageBytes(conversationState)
  await client
    .send(new GenerateAssistantResponseCommand({ conversationState: images }))
    .catch((error: Error) => {
      if (error.message !== 'captured') throw error
    })
  return body
}

function decodeImages(message: QUserMessage) {
  const images = message.images?.map(({ format, source }) => ({
    format,
    source: { bytes: new Uint8Array(Buffer.from(source.bytes, 'base64')) },
  }))
  return { ...message, images }
}

/** The client takes an image's bytes, not their base64. */
function withImageBytes(state: QConversationState) {
  return {
    ...state,
    history: state.history?.map((message) =>
      'userInputMessage' in message ? { userInputMessage: decodeImages(message.userInputMessage) } : message,
    ),
    currentMessage: { userInputMessage: decodeImages(state.currentMessage.userInputMessage) },
  }
}

describe('any conversation', () => {
  it('gives a state that keeps the structure rules', () => {
    fc.assert(
      fc.property(someConversation, (conversation) => {
        expect(brokenRules(encodeAny(conversation))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('gives a state that the official client knows to the last member', async () => {
    await fc.assert(
      fc.asyncProperty(someConversation, async (conversation) => {
        const conversationState = encodeAny(conversation)
        expect(await throughOfficialClient(conversationState)).toEqual({ conversationState })
      }),
      { numRuns: 40 },
    )
  })

  it('leaves the conversation as it was', () => {
    fc.assert(
      fc.property(someConversation, (conversation) => {
        const before = structuredClone(conversation)
        encodeAny(conversation)
        expect(conversation).toEqual(before)
      }),
      { numRuns: 50 },
    )
  })
})
