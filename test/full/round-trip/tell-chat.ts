/** A tale as a client of the Chat Completions API would send it; what the API leaves open is up to chance. */
import type { Random } from '../hostile/random.ts'
import { base64Of, cut, writeJson, type Told } from './told.ts'
import type { AssistantTurn, Tale, TalePiece, UserTurn } from './tale.ts'

export function tellChat(tale: Tale, random: Random): Told {
  const { sessionId, tools } = tale
  const inBody = random.below(2) === 0
  return {
    headers: sessionId !== undefined && !inBody ? { 'x-session-affinity': sessionId } : {},
    body: {
      model: 'claude-sonnet-4.5',
      [random.pick(['max_tokens', 'max_completion_tokens'])]: 100_000,
      messages: [
        ...tellSystem(tale, random),
        ...tale.turns.flatMap((turn) =>
          turn.role === 'user' ? tellChatUser(turn, random) : tellAssistant(turn, random),
        ),
      ],
      ...(tools.length > 0 && {
        tools: tools.map(({ name, description, schema }) => ({
          type: 'function',
          function: {
            name,
            ...((description !== '' || random.below(2) === 0) && { description }),
            parameters: schema,
            ...(random.below(4) === 0 && { strict: random.below(2) === 0 }),
          },
        })),
      }),
      ...(!tale.mayCall && { tool_choice: 'none' }),
      ...(sessionId !== undefined && inBody && { prompt_cache_key: sessionId }),
    },
  }
}

const systemRole = (random: Random) => random.pick(['system', 'developer'])

function tellSystem({ system }: Tale, random: Random): object[] {
  if (system.length > 0 && random.below(2) === 0) {
    return [{ role: systemRole(random), content: system.map((text) => ({ type: 'text', text })) }]
  }
  return system.map((content) => ({ role: systemRole(random), content }))
}

export function tellChatUser({ results, pieces, reminder }: UserTurn, random: Random): object[] {
  const messages = pieces.length === 0 ? [] : cut(pieces, 0, random)
  return [
    ...results.map((result) => ({
      role: 'tool',
      tool_call_id: result.callId,
      content: contentOf(result.pieces, random),
    })),
    ...messages.map((each) => ({ role: 'user', content: contentOf(each, random) })),
    ...(reminder === undefined ? [] : [{ role: systemRole(random), content: reminder }]),
  ]
}

function contentOf(pieces: readonly TalePiece[], random: Random): unknown {
  const [only] = pieces
  if (only === undefined) return random.pick([null, '', []])
  if (pieces.length === 1 && only.kind === 'text' && random.below(2) === 0) return only.text
  return pieces.map((piece) => {
    if (piece.kind === 'text') return { type: 'text', text: piece.text }
    if (piece.kind === 'document') {
      const { name, text } = piece
      return {
        type: 'file',
        file: { filename: name, file_data: `data:text/plain;base64,${base64Of(text)}` },
      }
    }
    const url = `data:image/${piece.format};base64,${piece.base64}`
    return { type: 'image_url', image_url: { url, ...(random.below(2) === 0 && { detail: 'high' }) } }
  })
}

function tellAssistant({ thinking, texts, calls }: AssistantTurn, random: Random): object[] {
  const parts = texts.map((text) => ({ type: 'text', text }))
  const [only] = texts
  const toolCalls = calls.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: writeJson(input, random) },
  }))
  const content =
    only === undefined
      ? random.pick<object>([{}, { content: null }, { content: '' }])
      : { content: texts.length === 1 && random.below(2) === 0 ? only : parts }
  const thought = thinking === undefined ? {} : { reasoning_content: thinking }
  const called = toolCalls.length === 0 ? {} : { tool_calls: toolCalls }
  if (only === undefined || toolCalls.length === 0 || random.below(4) > 0) {
    return [{ role: 'assistant', ...content, ...thought, ...called }]
  }
  return [
    { role: 'assistant', ...content, ...thought },
    { role: 'assistant', content: null, ...called },
  ]
}
