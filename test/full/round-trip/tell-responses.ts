/** A tale as a client of the Responses API would send it; what the API leaves open is up to chance. */
import { unreachable } from '../../../src/conversation/unreachable.ts'
import type { Random } from '../hostile/random.ts'
import { base64Of, cut, interleave, writeJson, type Told } from './told.ts'
import type { AssistantTurn, Tale, TalePiece, UserTurn } from './tale.ts'

export function tellResponses(tale: Tale, random: Random): Told {
  const { sessionId, tools, system } = tale
  const inBody = random.below(2) === 0
  const [first, ...others] = system
  const hasInstructions = first !== undefined && random.below(2) === 0
  const said = (hasInstructions ? others : system).map((text) => tellSystem(text, random))
  return {
    headers: sessionId !== undefined && !inBody ? { 'x-session-affinity': sessionId } : {},
    body: {
      model: 'claude-sonnet-4.5',
      max_output_tokens: 100_000,
      ...(hasInstructions && { instructions: first }),
      input: tellInput(tale, said, random),
      ...(tools.length > 0 && {
        tools: tools.map(({ name, description, schema }) => ({
          type: 'function',
          name,
          ...((description !== '' || random.below(2) === 0) && { description }),
          parameters: schema,
          ...(random.below(2) === 0 && { strict: random.below(2) === 0 }),
        })),
      }),
      ...(!tale.mayCall && { tool_choice: 'none' }),
      ...(sessionId !== undefined && inBody && { prompt_cache_key: sessionId }),
    },
  }
}

function tellInput({ turns }: Tale, system: object[], random: Random): unknown {
  const items = turns.flatMap((turn) =>
    turn.role === 'user' ? tellResponsesUser(turn, random) : tellAssistant(turn, random),
  )
  const [only] = turns
  const [piece] = only?.role === 'user' && only.reminder === undefined ? only.pieces : []
  const isText = turns.length === 1 && system.length === 0 && items.length === 1 && piece?.kind === 'text'
  return isText && only?.role === 'user' && only.pieces.length === 1 ? piece.text : [...system, ...items]
}

function tellSystem(text: string, random: Random): object {
  return {
    ...typeOf(random),
    role: random.pick(['system', 'developer']),
    content: random.below(2) === 0 ? text : [{ type: 'input_text', text }],
  }
}

export function tellResponsesUser({ results, pieces, reminder }: UserTurn, random: Random): object[] {
  const messages = pieces.length === 0 ? [] : cut(pieces, 0, random)
  return [
    ...results.map((result) => ({
      type: 'function_call_output',
      call_id: result.callId,
      output: contentOf(result.pieces, random),
    })),
    ...messages.map((each) => ({ ...typeOf(random), role: 'user', content: contentOf(each, random) })),
    ...(reminder === undefined ? [] : [tellSystem(reminder, random)]),
  ]
}

function contentOf(pieces: readonly TalePiece[], random: Random): unknown {
  const [only] = pieces
  if (only === undefined) return random.pick<unknown>(['', []])
  if (pieces.length === 1 && only.kind === 'text' && random.below(2) === 0) return only.text
  return pieces.map(tellPiece)
}

function tellPiece(piece: TalePiece): object {
  switch (piece.kind) {
    case 'text':
      return { type: 'input_text', text: piece.text }
    case 'image': {
      const url = `data:image/${piece.format};base64,${piece.base64}`
      return { type: 'input_image', image_url: url, detail: 'auto' }
    }
    case 'document': {
      const data = `data:text/plain;base64,${base64Of(piece.text)}`
      return { type: 'input_file', filename: piece.name, file_data: data }
    }
    default:
      return unreachable(piece)
  }
}

function tellAssistant({ thinking, texts, calls }: AssistantTurn, random: Random): object[] {
  return [
    ...(thinking === undefined
      ? []
      : [{ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: thinking }] }]),
    ...interleave<object>(
      (texts.length === 0 ? [] : cut(texts, 0, random)).map((each, index) => ({
        ...typeOf(random),
        id: `msg_${index}`,
        role: 'assistant',
        status: 'completed',
        content: each.map((text) => ({ type: 'output_text', text, annotations: [] })),
      })),
      calls.map(({ id, name, input }) => ({
        type: 'function_call',
        ...(random.below(2) === 0 && { id: 'fc_1', status: 'completed' }),
        call_id: id,
        name,
        arguments: writeJson(input, random),
      })),
      random,
    ),
  ]
}

/** A message may come without a type. */
function typeOf(random: Random): object {
  return random.below(3) === 0 ? {} : { type: 'message' }
}
