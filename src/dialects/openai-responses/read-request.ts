import type { Conversation } from '../../conversation/conversation.ts'
import type { ChatRequest, RequestHeaders } from '../dialect.ts'
import { createFieldTable, type FieldNotes } from '../field-notes.ts'
import { isJsonObject, parseBody, presentFields, refuseUnsupported } from '../request-body.ts'
import { createAnswerForm } from './answer-form.ts'
import type { AnswerWishes } from './answer-wishes.ts'
import { createEcho } from './echo.ts'
import { isCodex } from './is-codex.ts'
import { parameters } from './parameters.ts'
import { readConversation } from './read-conversation.ts'
import { promptBody, responsesBody, type ResponsesBody } from './schema.ts'

const fieldTable = createFieldTable(parameters)
const SEALED_REASONING = 'reasoning.encrypted_content'
/** Of searches; they are told in any case. */
const SOURCES = 'web_search_call.action.sources'

/** A request, and how its answer is to look. */
export type ReadResponses = Omit<ChatRequest, 'answerForm'> & { wishes: AnswerWishes }

export function readRequest(unread: unknown, headers: RequestHeaders): ChatRequest {
  return withAnswerForm(readResponses(unread, headers))
}

/** The body of /v1/responses/compact: the answer is a summary, and comes in one piece. */
export function readCompactRequest(unread: unknown, headers: RequestHeaders): ChatRequest {
  return withAnswerForm({ ...readResponses(unread, headers, 'document'), stream: false, isKept: false })
}

/** The body of /v1/responses/input_tokens, which need not name a model. */
export function readPrompt(unread: unknown, headers: RequestHeaders): Conversation {
  const body = parseBody(promptBody, unread)
  return readConversation(body, { headers, notes: fieldTable.createNotes() }).conversation
}

function withAnswerForm({ wishes, ...request }: ReadResponses): ChatRequest {
  return { ...request, answerForm: createAnswerForm(wishes) }
}

/** Throws a GatewayError that names the field at fault. `compaction`: what the route itself stands for. */
export function readResponses(
  unread: unknown,
  headers: RequestHeaders,
  compaction?: 'document',
): ReadResponses {
  const body = parseBody(responsesBody, unread)
  refuseUnsupported({
    background: body.background === true,
    prompt: presentFields(body, ['prompt']).length > 0,
  })
  const notes = fieldTable.createNotes()
  noteIgnored(body, notes)
  const read = readConversation(body, { headers, notes, compaction })
  return {
    conversation: read.conversation,
    stream: body.stream ?? false,
    isKept: body.store !== false,
    ignored: notes.ignored.list(),
    fieldsOfLoss: notes.fieldsOfLoss(),
    wishes: {
      tools: read.clientTools,
      echo: createEcho(isJsonObject(unread) ? unread : {}, body),
      sealedReasoning: (body.include ?? []).includes(SEALED_REASONING),
      isCodex: isCodex(headers),
      ...(read.compaction !== undefined && { compaction: read.compaction }),
    },
  }
}

function noteIgnored(body: ResponsesBody, notes: FieldNotes): void {
  notes.noteIgnoredOfBody(body)
  notes.noteIgnored(body.text ?? {}, 'text')
  notes.noteIgnored(body.reasoning ?? {}, 'reasoning')
  notes.noteIgnored(body.stream_options ?? {}, 'stream_options')
  for (const each of body.include ?? []) {
    if (each !== SEALED_REASONING && each !== SOURCES) notes.ignored.addForeign('include.', each)
  }
}
