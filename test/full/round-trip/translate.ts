/** The way of a request through the gateway: its bytes are read, by its dialect, and written for Amazon Q. */
import { readJson } from '../../../src/http/read-json.ts'
import type { ChatRequest, Dialect } from '../../../src/dialects/dialect.ts'
import { createDraft, type Draft, type OutgoingRequest } from '../../../src/upstreams/amazon-q/draft.ts'
import { FULL_FORM, type ModelInfo } from '../../../src/upstreams/upstream.ts'
import { sampleModel } from '../../sample-model.ts'
import type { Told } from './told.ts'

/** One that is asked to think without a word in the prompt. */
export const model: ModelInfo = { ...sampleModel, thinking: 'none' }
export const ACCOUNT = 'account-1'

export interface Translated {
  chat: ChatRequest
  draft: Draft
  outgoing: OutgoingRequest
}

export function translate(dialect: Dialect, { headers, body }: Told): Translated {
  const chat = dialect.readRequest(readJson(Buffer.from(JSON.stringify(body))), headers)
  const draft = createDraft(chat.conversation, model, {
    invocationId: 'invocation',
    program: { version: '0.0.0', platform: 'linux', nodeVersion: '24.0.0' },
    urlOf: () => new URL('https://q.example'),
  })
  return { chat, draft, outgoing: complete(draft) }
}

export function complete(draft: Draft): OutgoingRequest {
  const access = { accountId: ACCOUNT, channel: 'q-json', region: 'us-east-1', optsOut: true }
  return draft.complete(access, { model, form: FULL_FORM })
}
