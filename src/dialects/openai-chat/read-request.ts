import {
  createConversation,
  type Conversation,
  type Limits,
  type ResponseFormat,
} from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { affinityKeyOf } from '../affinity-key.ts'
import type { ChatRequest, Dialect, RequestHeaders } from '../dialect.ts'
import { createFieldTable } from '../field-notes.ts'
import { createMediaIntake } from '../media-intake.ts'
import { isJsonObject, parseBody, refuseUnsupported } from '../request-body.ts'
import { readStopSequences } from '../stop-sequences.ts'
import { refuseTooManyTools } from '../tool-count.ts'
import type { ChatWishes } from './chat-wishes.ts'
import { chooseTool } from './choose-tool.ts'
import { parameters } from './parameters.ts'
import { readMessages } from './read-messages.ts'
import { readThinking } from './read-thinking.ts'
import { readTools } from './read-tools.ts'
import { chatBody, type ChatBody } from './schema.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

const fieldTable = createFieldTable(parameters)

/** A request, and how its answer is to look. */
export type ReadChat = Omit<ChatRequest, 'answerForm'> & ChatWishes

export const readRequest: Dialect['readRequest'] = (unread, headers) => {
  const { usageInStream, toolForms, ...request } = readChat(unread, headers)
  const wishes = { usageInStream, toolForms }
  return {
    ...request,
    answerForm: {
      createEncoder: (head) => createEncoder({ ...head, ...wishes }),
      writeReply: (reply, head) => writeReply(reply, { ...head, ...wishes }),
    },
  }
}

/** Throws a GatewayError that names the field at fault. */
export function readChat(unread: unknown, headers: RequestHeaders): ReadChat {
  refuseOtherApi(unread)
  const body = parseBody(chatBody, unread)
  refuseUnsupported({
    n: (body.n ?? 1) > 1,
    modalities: (body.modalities ?? []).some((modality) => modality !== 'text'),
  })
  const notes = fieldTable.createNotes()
  const media = createMediaIntake()
  notes.noteIgnoredOfBody(body)
  notes.noteIgnored(body.stream_options ?? {}, 'stream_options')
  const declared = readTools(body, notes)
  refuseTooManyTools(declared.tools, declared.forms.legacy ? 'functions' : 'tools')
  const conversation = createConversation({
    model: body.model,
    ...readMessages(body.messages, { media, notes }),
    ...chooseTool(body, declared, notes),
    // The older form of an answer has room for one call.
    parallelToolCalls: body.parallel_tool_calls !== false && !declared.forms.legacy,
    ...readThinking(body, notes),
    responseFormat: readResponseFormat(body),
    ...placeDemands(body),
    limits: readLimits(body),
    ...affinityKeyOf(headers, body.prompt_cache_key ?? undefined),
  })
  if (conversation.turns.length === 0) {
    throw new GatewayError('invalid-request', 'messages: At least one message with content is required', {
      field: 'messages',
    })
  }
  const { turns, leftOut } = media.fit(conversation.turns)
  leftOut.forEach((element) => notes.ignored.add(element))
  const stream = body.stream ?? false
  return {
    conversation: { ...conversation, turns },
    stream,
    usageInStream: stream && (body.stream_options?.include_usage ?? false),
    ignored: notes.ignored.list(),
    fieldsOfLoss: notes.fieldsOfLoss(),
    toolForms: declared.forms,
  }
}

/** Some clients send bodies of the Responses API here, for models that they take for its own. */
function refuseOtherApi(unread: unknown): void {
  if (!isJsonObject(unread) || unread['input'] === undefined || unread['messages'] !== undefined) return
  const text = 'messages: Field required. `input` belongs to the Responses API; this route takes `messages`'
  throw new GatewayError('invalid-request', text, { field: 'messages', code: 'missing_required_parameter' })
}

/** The smallest counts; clients send zero or less when they mean no limit. */
function readLimits(body: ChatBody): Limits {
  const { max_tokens: oldest, max_completion_tokens: newer, max_output_tokens: other } = body
  const limits = [oldest ?? 0, newer ?? 0, other ?? 0].filter((limit) => limit > 0)
  const { stop } = body
  return {
    stopSequences: readStopSequences(typeof stop === 'string' ? [stop] : (stop ?? []), 'stop'),
    ...(limits.length > 0 && { maxOutputTokens: Math.min(...limits) }),
  }
}

function placeDemands(body: ChatBody): Pick<Conversation, 'demandedAt'> {
  const isOlder = body.tool_choice == null && body.function_call != null
  const hasSchema = body.response_format?.type === 'json_schema'
  if (!isOlder && !hasSchema) return {}
  return {
    demandedAt: {
      ...(isOlder && { toolChoice: 'function_call' }),
      ...(hasSchema && { responseFormat: 'response_format.json_schema.schema' }),
    },
  }
}

/** A schema that is not given leaves any object. */
function readResponseFormat({ response_format: format }: ChatBody): ResponseFormat {
  switch (format?.type) {
    case undefined:
    case 'text':
      return { kind: 'text' }
    case 'json_object':
      return { kind: 'json' }
    case 'json_schema': {
      const { schema } = format.json_schema
      return schema == null ? { kind: 'json' } : { kind: 'json-schema', schema }
    }
    default:
      return unreachable(format)
  }
}
