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
  const { kinds, isMarked } = surveyParts(conversation)
  const earlierThinking = [
    ...(kinds.has('thinking') ? ['messages.content.thinking'] : []),
    ...(kinds.has('redacted-thinking') ? ['messages.content.redacted_thinking'] : []),
  ]
  const media = [
    ...(kinds.has('image') || kinds.has('image-link') ? ['messages.content.image'] : []),
    ...(kinds.has('document') ? ['messages.content.document'] : []),
  ]
  const hasMarks = isMarked || tools.some(({ cacheMark }) => cacheMark !== undefined)
  return {
    ...(thinking.kind !== 'default' && { thinking: ['thinking'] }),
    ...(effort !== undefined && { effort: ['output_config.effort'] }),
    ...(hasMarks && { 'cache-marks': ['cache_control'] }),
    ...(earlierThinking.length > 0 && { 'earlier-thinking': earlierThinking }),
    ...(media.length > 0 && { 'earlier-media': media }),
    ...(tools.length > 0 && { 'tool-schema': ['tools.input_schema'] }),
  }
}

type Piece = UserPart | AssistantPart | ToolResultPiece

/** Which kinds of parts there are, also within tool results, and whether any is marked for the cache. */
function surveyParts({ turns }: Conversation): { kinds: Set<Piece['kind']>; isMarked: boolean } {
  const kinds = new Set<Piece['kind']>()
  let isMarked = false
  const look = (piece: Piece): void => {
    kinds.add(piece.kind)
    if ('cacheMark' in piece) isMarked = true
  }
  for (const { parts } of turns) {
    for (const part of parts) {
      look(part)
      if (part.kind === 'tool-result') part.content.forEach(look)
    }
  }
  return { kinds, isMarked }
}
