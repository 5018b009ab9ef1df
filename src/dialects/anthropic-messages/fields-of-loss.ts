import type {
  AssistantPart,
  Conversation,
  ToolResultPiece,
  UserPart,
} from '../../conversation/conversation.ts'
import type { ChatRequest } from '../dialect.ts'

/** The fields in which the request asked for what not every model can be told. */
export function fieldsOfLoss(conversation: Conversation): ChatRequest['fieldsOfLoss'] {
  const { thinking, effort, tools } = conversation
  const parts = [...partsOf(conversation)]
  const kinds = new Set(parts.map(({ kind }) => kind))
  const isMarked = [...parts, ...tools].some((element) => 'cacheMark' in element)
  const earlierThinking = [
    ...(kinds.has('thinking') ? ['messages.content.thinking'] : []),
    ...(kinds.has('redacted-thinking') ? ['messages.content.redacted_thinking'] : []),
  ]
  const media = [
    ...(kinds.has('image') || kinds.has('image-link') ? ['messages.content.image'] : []),
    ...(kinds.has('document') ? ['messages.content.document'] : []),
  ]
  return {
    'output-limit': ['max_tokens'],
    ...(thinking.kind !== 'default' && { thinking: ['thinking'] }),
    ...(effort !== undefined && { effort: ['output_config.effort'] }),
    ...(isMarked && { 'cache-marks': ['cache_control'] }),
    ...(earlierThinking.length > 0 && { 'earlier-thinking': earlierThinking }),
    ...(media.length > 0 && { 'earlier-media': media }),
    ...(tools.length > 0 && { 'tool-schema': ['tools.input_schema'] }),
  }
}

/** Every part, and those within tool results. */
function* partsOf({ turns }: Conversation): Generator<UserPart | AssistantPart | ToolResultPiece> {
  for (const turn of turns) {
    for (const part of turn.parts) {
      yield part
      if (part.kind === 'tool-result') yield* part.content
    }
  }
}
