import {
  createConversation,
  type Conversation,
  type Limits,
  type ResponseFormat,
  type Turn,
} from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { parseJson } from '../../conversation/parse-json.ts'
import { affinityKeyOf } from '../affinity-key.ts'
import type { ChatRequest, Dialect, RequestHeaders } from '../dialect.ts'
import { createIgnoredNames, type IgnoredNames } from '../ignored-names.ts'
import { createMediaIntake } from '../media-intake.ts'
import { parseBody, presentFields, refuseUnsupported } from '../request-body.ts'
import { fieldsOfLoss } from './fields-of-loss.ts'
import { nameIgnored } from './name-ignored.ts'
import { readCacheMark } from './read-cache-mark.ts'
import { readMessages, readSystem } from './read-messages.ts'
import { fieldsOfSearch } from './read-search-tool.ts'
import { readThinking } from './read-thinking.ts'
import { readStopSequences } from '../stop-sequences.ts'
import { refuseTooManyTools } from '../tool-count.ts'
import { createToolList } from './read-tools.ts'
import { claudeCodeUser, messagesBody, promptBody, type PromptBody } from './schema.ts'
import { refuseToContinue } from './thread.ts'
import { writeReply } from './write-reply.ts'
import { createEncoder } from './write-stream.ts'

export const readRequest: Dialect['readRequest'] = (unread, headers): ChatRequest => {
  const body = parseBody(messagesBody, unread)
  const ignored = createIgnoredNames()
  const conversation = readConversation(body, { headers, ignored })
  nameIgnored(body, ignored)
  return {
    conversation,
    stream: body.stream ?? false,
    ignored: ignored.list(),
    fieldsOfLoss: { ...fieldsOfLoss(conversation), ...searchFields(body) },
    answerForm: { createEncoder, writeReply },
  }
}

/** The body of count_tokens, which is that of a message without `max_tokens`. */
export function readPrompt(unread: unknown, headers: RequestHeaders): Conversation {
  return readConversation(parseBody(promptBody, unread), { headers, ignored: createIgnoredNames() })
}

/** Tools of messages aside, which nobody who searches is known to add. */
function searchFields({ tools }: PromptBody): ChatRequest['fieldsOfLoss'] {
  const fields = fieldsOfSearch(tools ?? [])
  return fields.length === 0 ? {} : { 'web-search': fields }
}

interface Circumstances {
  headers: RequestHeaders
  ignored: IgnoredNames
}

function readConversation(body: PromptBody, { headers, ignored }: Circumstances): Conversation {
  refuseUnsupported({ compaction: presentFields(body, ['compaction']).length > 0 })
  refuseToContinue(body)
  const toolList = createToolList(body.tools ?? [], ignored)
  const media = createMediaIntake()
  const place = { field: 'messages', media, toolList, ignored }
  const system = readSystem(body.system, { ...place, field: 'system' })
  const { preamble, turns } = readMessages(body.messages, place)
  const tools = toolList.tools()
  refuseTooManyTools(tools)
  const conversation = createConversation({
    model: body.model,
    system: [...system, ...preamble].join('\n\n'),
    turns,
    tools,
    toolChoice: toolList.readChoice(body.tool_choice),
    parallelToolCalls: body.tool_choice?.disable_parallel_tool_use !== true,
    ...readThinking(body),
    responseFormat: readResponseFormat(body),
    limits: readLimits(body),
    ...affinityKeyOf(headers, readSessionId(body)),
  })
  if (conversation.turns.length === 0) {
    throw new GatewayError('invalid-request', 'messages: At least one message with content is required', {
      field: 'messages',
    })
  }
  const fitted = media.fit(conversation.turns)
  fitted.leftOut.forEach((element) => ignored.add(element))
  return { ...conversation, turns: markEnd(fitted.turns, readCacheMark(body)) }
}

/** A mark on the request itself stands for one on its last block. */
function markEnd(turns: Turn[], mark: ReturnType<typeof readCacheMark>): Turn[] {
  const last = turns.at(-1)
  if (mark.cacheMark === undefined || last?.role !== 'user') return turns
  const parts = last.parts.map((part, index) =>
    index === last.parts.length - 1 ? { ...mark, ...part } : part,
  )
  return [...turns.slice(0, -1), { role: 'user', parts }]
}

function readLimits({ max_tokens: maxOutputTokens, stop_sequences: sequences }: PromptBody): Limits {
  return {
    stopSequences: readStopSequences(sequences ?? [], 'stop_sequences'),
    ...(typeof maxOutputTokens === 'number' && { maxOutputTokens }),
  }
}

/** The older field of the beta says the same. */
function readResponseFormat({ output_config: config, output_format: older }: PromptBody): ResponseFormat {
  const schema = (config?.format ?? older)?.schema
  return schema === undefined ? { kind: 'text' } : { kind: 'json-schema', schema }
}

/** Claude Code packs its session into `metadata.user_id`; any other user id is taken as it is. */
function readSessionId(body: PromptBody): string | undefined {
  const userId = body.metadata?.user_id ?? undefined
  if (userId === undefined) return undefined
  const packed = claudeCodeUser.safeParse(parseJson(userId))
  return packed.success ? packed.data.session_id : userId
}
