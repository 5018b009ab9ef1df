/** Whatever a client says arrives at the service whole, in a form that it accepts, or the answer says what did not. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defaultModels } from '../../simulator/models.ts'
import { checkRequest } from '../../simulator/rules/check.ts'
import { createSwitchBoard } from '../../simulator/switches.ts'
import { systemClock } from '../../src/clock.ts'
import { GatewayError } from '../../src/conversation/failures.ts'
import type { Dialect } from '../../src/dialects/dialect.ts'
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts'
import { openaiChat } from '../../src/dialects/openai-chat/index.ts'
import { listIgnored } from '../../src/http/fact-headers.ts'
import { createAmazonQ } from '../../src/upstreams/amazon-q/client.ts'
import { FULL_FORM, type ModelInfo } from '../../src/upstreams/upstream.ts'
import { throughOfficialClient } from '../official-request.ts'
import type { Piece } from './narrator.ts'
import { someStory, type Story } from './stories.ts'
import { writeAnthropic } from './write-anthropic.ts'
import { writeChat } from './write-chat.ts'

const amazonQ = createAmazonQ({
  version: '0.0.0',
  dispatcherFor: () => {
    throw new Error('Nothing is sent here.')
  },
  clock: systemClock,
  timeouts: { headersMs: 1, errorBodyMs: 1 },
  newId: () => 'id',
})

interface Client {
  dialect: Dialect
  write: (story: Story) => { body: unknown; said: Piece[] }
}

const clients: Record<string, Client> = {
  anthropic: { dialect: anthropicMessages, write: writeAnthropic },
  chat: { dialect: openaiChat, write: writeChat },
}

/** Nothing that a stranger has signed is its own. */
const caller = { models: defaultModels, refusesExtraFields: false, isOwnThinking: () => false }

/** What may be missing, by its kind, if the answer names one of these as not carried. */
const excuses: Record<Piece['kind'], RegExp> = {
  text: /^nothing excuses a lost text$/,
  thinking: /thinking|reasoning/,
  image: /image|earlier-media|messages\.content/,
  document: /earlier-media|messages\.content|document|file/,
}

/** Refusals that are due: the model cannot read what a person has just attached, or not so much of it. */
const DUE_REFUSAL = /takes text only|reads no pdf documents|at most 5 documents/

function translate({ dialect, write }: Client, story: Story) {
  const { body: unread, said } = write(story)
  const chat = dialect.readRequest(unread, {})
  const model = modelOf(chat.conversation.model)
  const preview = amazonQ
    .prepare(chat.conversation, model)
    .preview(
      { accountId: 'account-1', channel: 'q-json', region: 'us-east-1', optsOut: true },
      { model, form: FULL_FORM },
    )
  return { ...preview, said, ignored: listIgnored(chat, preview.losses) }
}

function modelOf(name: string): ModelInfo {
  const id = name.replace(/-(\d)-(\d).*$/, '-$1.$2')
  const model = amazonQ.catalogue.find((each) => each.id === id)
  if (model === undefined) throw new Error(`no model ${name}`)
  const listed = defaultModels.find(({ modelId }) => modelId === id)
  const schema = z.record(z.string(), z.json()).safeParse(listed?.extraFields)
  return schema.success ? { ...model, requestFields: schema.data } : model
}

/** Undefined: refused, as was due. */
function tryTranslate(client: Client, story: Story) {
  try {
    return translate(client, story)
  } catch (error) {
    if (error instanceof GatewayError && DUE_REFUSAL.test(error.message)) return undefined
    throw error
  }
}

function violationsOf(body: unknown) {
  const switches = createSwitchBoard({}).current()
  const bodyBytes = Buffer.byteLength(JSON.stringify(body))
  return checkRequest(body, { binding: 'aws-json', bodyBytes, caller, switches }).violations
}

/** All texts of a request in one; documents that are text are opened. */
function textsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textsOf).join('\n')
  if (typeof value !== 'object' || value === null) return ''
  const opened = z
    .object({ format: z.literal('txt'), source: z.object({ bytes: z.base64() }) })
    .safeParse(value)
  if (opened.success) return Buffer.from(opened.data.source.bytes, 'base64').toString()
  return Object.values(value).map(textsOf).join('\n')
}

describe.each(Object.entries(clients))('any conversation of a client of %s', (_, client) => {
  it('breaks no rule of the strict simulator, nor one that we know', () => {
    fc.assert(
      fc.property(someStory, (story) => {
        const sent = tryTranslate(client, story)
        fc.pre(sent !== undefined)
        expect(violationsOf(sent.body)).toEqual([])
        expect(sent.findings).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  it('is known to the official client to the last member', async () => {
    await fc.assert(
      fc.asyncProperty(someStory, async (story) => {
        const body = tryTranslate(client, story)?.body
        fc.pre(body !== undefined)
        expect(await throughOfficialClient(body)).toEqual(body)
      }),
      { numRuns: 60 },
    )
  })

  it('loses nothing but what the answer names', () => {
    fc.assert(
      fc.property(someStory, (story) => {
        const sent = tryTranslate(client, story)
        fc.pre(sent !== undefined)
        const texts = textsOf(sent.body)
        const missing = sent.said.filter(({ mark }) => !texts.includes(mark))
        const unexcused = missing.filter(({ kind }) => !sent.ignored.some((name) => excuses[kind].test(name)))
        expect(unexcused).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})
