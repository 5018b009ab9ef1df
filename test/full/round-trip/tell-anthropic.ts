/** A tale as a client of the Messages API would send it; what the API leaves open is up to chance. */
import type { Random } from '../hostile/random.ts'
import { base64Of, cut, interleave, type Told } from './told.ts'
import type { AssistantTurn, Tale, TalePiece, UserTurn } from './tale.ts'

export function tellAnthropic(tale: Tale, random: Random): Told {
  const { sessionId } = tale
  const inBody = random.below(2) === 0
  return {
    headers: sessionId !== undefined && !inBody ? { 'x-session-affinity': sessionId } : {},
    body: {
      model: 'claude-sonnet-4.5',
      max_tokens: 100_000,
      ...systemOf(tale, random),
      messages: tale.turns.flatMap((turn) =>
        turn.role === 'user' ? tellAnthropicUser(turn, random) : tellAssistant(turn, random),
      ),
      ...(tale.tools.length > 0 && {
        tools: tale.tools.map(({ name, description, schema }) => ({
          ...(random.below(3) === 0 && { type: 'custom' }),
          name,
          ...((description !== '' || random.below(2) === 0) && { description }),
          input_schema: schema,
          ...markOf(random),
        })),
      }),
      ...(!tale.mayCall && { tool_choice: { type: 'none' } }),
      ...(sessionId !== undefined &&
        inBody && { metadata: { user_id: JSON.stringify({ device_id: 'd', session_id: sessionId }) } }),
    },
  }
}

function systemOf({ system }: Tale, random: Random): object {
  const [only] = system
  if (only === undefined) return random.below(2) === 0 ? {} : { system: [] }
  if (system.length === 1 && random.below(2) === 0) return { system: only }
  return { system: system.map((text) => ({ type: 'text', text, ...markOf(random) })) }
}

export function tellAnthropicUser({ results, pieces, reminder }: UserTurn, random: Random): object[] {
  const blocks = [
    ...results.map((result) => ({
      type: 'tool_result',
      tool_use_id: result.callId,
      ...contentOf(result.pieces, random),
      ...(random.below(4) === 0 && { is_error: false }),
    })),
    ...pieces.map((piece) => tellPiece(piece, random)),
  ]
  // All results of a turn belong into its first message.
  const messages = cut(blocks, results.length, random).map((content) => ({ role: 'user', content }))
  const [only] = pieces
  const isText = results.length === 0 && pieces.length === 1 && only?.kind === 'text'
  return [
    ...(isText && random.below(2) === 0 ? [{ role: 'user', content: only.text }] : messages),
    ...(reminder === undefined ? [] : [{ role: 'system', content: reminder }]),
  ]
}

function contentOf(pieces: readonly TalePiece[], random: Random): object {
  const [only] = pieces
  if (only === undefined) return random.pick<object>([{}, { content: '' }, { content: [] }])
  if (pieces.length === 1 && only.kind === 'text' && random.below(2) === 0) return { content: only.text }
  return { content: pieces.map((piece) => tellPiece(piece, random)) }
}

function tellPiece(piece: TalePiece, random: Random): object {
  if (piece.kind === 'text') return { type: 'text', text: piece.text, ...markOf(random) }
  if (piece.kind === 'document') {
    const { name, text } = piece
    const source =
      random.below(2) === 0
        ? { type: 'text', media_type: 'text/plain', data: text }
        : { type: 'base64', media_type: 'text/plain', data: base64Of(text) }
    return { type: 'document', title: name, source }
  }
  const { format, base64 } = piece
  return { type: 'image', source: { type: 'base64', media_type: `image/${format}`, data: base64 } }
}

function tellAssistant({ thinking, texts, calls }: AssistantTurn, random: Random): object[] {
  const blocks = [
    ...(thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: 'c2lnbmVk' }]),
    ...interleave<object>(
      texts.map((text) => ({ type: 'text', text })),
      calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })),
      random,
    ),
  ]
  const [only] = texts
  const isText = blocks.length === 1 && only !== undefined
  if (isText && random.below(2) === 0) return [{ role: 'assistant', content: only }]
  return cut(blocks, 0, random).map((content) => ({ role: 'assistant', content }))
}

/** How long a prompt is cached changes nothing of it. */
function markOf(random: Random): object {
  return random.below(10) === 0 ? { cache_control: { type: 'ephemeral' } } : {}
}
