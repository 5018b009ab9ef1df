/** Whether a request to the service says all that a tale says, once, in its order, and nothing in between. */
import type { JsonValue } from '../../../src/conversation/conversation.ts'
import type { SentConversation } from '../../sent-conversation.ts'
import { demand, demandEqual } from './demand.ts'
import type { AssistantTurn, Tale, TalePiece, UserTurn } from './tale.ts'

type SentUser = SentConversation['users'][number]
type SentAssistant = SentConversation['assistants'][number]

const VALID_ID = /^[a-zA-Z0-9_.:-]{1,64}$/

/** Throws for what is lost, doubled, or out of its place. */
export function checkSent({ users, assistants }: SentConversation, tale: Tale): void {
  const asked = tale.turns.filter((turn) => turn.role === 'user')
  const answers = tale.turns.filter((turn) => turn.role === 'assistant')
  demandEqual('assistant messages', assistants.length, answers.length)
  demandEqual('user messages', users.length, answers.length + 1)
  const nameOf = checkTools(users.at(-1), tale)
  for (const [index, turn] of asked.entries()) {
    const user = users[index]
    if (user === undefined) throw new Error(`no user message ${index}`)
    const calls = { told: answers[index - 1]?.calls ?? [], sent: assistants[index - 1]?.toolUses ?? [] }
    checkUser(user, turn, calls, index === 0 ? tale : undefined)
  }
  for (const [index, turn] of answers.entries()) checkAssistant(assistants[index], turn, nameOf)
  checkIds(assistants, answers)
}

/** What may not be called is told only where it has been called. */
function toldTools({ tools, turns, mayCall }: Tale): { tools: Tale['tools']; called: string[] } {
  const called = turns.flatMap((turn) =>
    turn.role === 'assistant' ? turn.calls.map(({ name }) => name) : [],
  )
  return { tools: tools.filter(({ name }) => mayCall || called.includes(name)), called }
}

/** Answers how the service knows each tool of the tale. */
function checkTools(current: SentUser | undefined, tale: Tale): (name: string) => string {
  const specs = (current?.userInputMessageContext.tools ?? []).map((each) => each.toolSpecification)
  const { tools, called } = toldTools(tale)
  const gone = [...new Set(called)].filter((name) => tools.every((tool) => tool.name !== name))
  demandEqual('number of tools', specs.length, tools.length + gone.length)
  for (const [index, tool] of tools.entries()) {
    const spec = specs[index]
    const description = spec?.description ?? ''
    if (tool.description.trim() !== '' && Buffer.byteLength(tool.description) <= 10_000) {
      demandEqual(`description of ${tool.name}`, description, tool.description.toWellFormed())
    }
    demandEqual(
      `properties of ${tool.name}`,
      spec?.inputSchema.json['properties'],
      wellFormed(tool.schema['properties'] ?? {}),
    )
  }
  demandEqual(
    'tools without regard to case',
    new Set(specs.map(({ name }) => name.toLowerCase())).size,
    specs.length,
  )
  const names = new Map(
    [...tools.map(({ name }) => name), ...gone].map((name, index) => [name, specs[index]?.name ?? '']),
  )
  return (name) => names.get(name) ?? ''
}

interface Calls {
  told: AssistantTurn['calls']
  sent: SentAssistant['toolUses']
}

/** `opening`: of the first turn, which the system's words come before. */
function checkUser(user: SentUser, turn: UserTurn, { told, sent }: Calls, opening: Tale | undefined): void {
  const { toolResults } = user.userInputMessageContext
  demandEqual(
    'ids of results',
    toolResults.map(({ toolUseId }) => toolUseId),
    sent.map(({ toolUseId }) => toolUseId),
  )
  const shown: TalePiece[] = []
  for (const [index, { id }] of told.entries()) {
    const pieces = turn.results.find(({ callId }) => callId === id)?.pieces ?? []
    const lines = pieces.flatMap((piece) => {
      if (piece.kind !== 'image') return wordsOf(piece)
      shown.push(piece)
      return [`[image ${shown.length} of this message]`]
    })
    const text = toolResults[index]?.content.map((each) => each.text).join('')
    demandEqual(`result of ${id}`, text, lines.length === 0 ? '(empty result)' : lines.join('\n'))
  }
  shown.push(...turn.pieces.filter((piece) => piece.kind === 'image'))
  demandEqual(
    'images',
    user.images.map(({ format, source }) => ({ kind: 'image', format, base64: source.bytes })),
    shown,
  )
  const texts = turn.pieces.flatMap((piece) => (piece.kind === 'image' ? [] : wordsOf(piece)))
  if (turn.reminder !== undefined) texts.push(`<system-reminder>\n${turn.reminder}\n</system-reminder>`)
  checkWords(user.content, texts.join('\n\n').toWellFormed(), opening)
}

/** None where nothing is said. */
function wordsOf(piece: Exclude<TalePiece, { kind: 'image' }>): string[] {
  if (piece.kind === 'document') return [`<document name="${piece.name}">\n${piece.text}\n</document>`]
  return piece.text.trim() === '' ? [] : [piece.text.toWellFormed()]
}

function checkWords(content: string, said: string, opening: Tale | undefined): void {
  if (opening === undefined) {
    // Beside results nothing need be said; an image that comes alone is pointed to.
    if (said !== '') demandEqual('words of a user', content, said)
    return
  }
  demand(
    content.endsWith(said),
    `words of the first user: ${JSON.stringify(content)} instead of ${JSON.stringify(said)}`,
  )
  const before = content.slice(0, content.length - said.length)
  const long = toldTools(opening)
    .tools.map(({ description }) => description)
    .filter((text) => Buffer.byteLength(text) > 10_000)
  let place = 0
  for (const text of [...opening.system, ...long].map((each) => each.toWellFormed())) {
    const found = before.indexOf(text, place)
    demand(found >= 0, `words of the system: ${JSON.stringify(before)} without ${JSON.stringify(text)}`)
    place = found + text.length
  }
}

function checkAssistant(
  assistant: SentAssistant | undefined,
  { texts, calls }: AssistantTurn,
  nameOf: (name: string) => string,
): void {
  const said = texts
    .filter((text) => text !== '')
    .join('\n\n')
    .toWellFormed()
  demandEqual('words of the assistant', assistant?.content, said === '' ? ' ' : said)
  demandEqual(
    'calls',
    assistant?.toolUses.map(({ name, input }) => ({ name, input })),
    calls.map(({ name, input }) => ({ name: nameOf(name), input: wellFormed(input) })),
  )
}

/** An id that the service takes stays as it is, unless it was there before. */
function checkIds(assistants: readonly SentAssistant[], answers: readonly AssistantTurn[]): void {
  const sent = assistants.flatMap(({ toolUses }) => toolUses.map(({ toolUseId }) => toolUseId))
  const told = answers.flatMap(({ calls }) => calls.map(({ id }) => id))
  demandEqual('ids that are there once', new Set(sent).size, told.length)
  const kept = told.filter((id, index) => VALID_ID.test(id) && told.indexOf(id) === index)
  demandEqual(
    'ids that stay',
    sent.filter((id) => kept.includes(id)),
    kept,
  )
}

/** As the service gets it: without halves of characters, and as JSON has it. */
function wellFormed(value: JsonValue): JsonValue {
  const read: JsonValue = JSON.parse(JSON.stringify(value), (_, inner: JsonValue) =>
    typeof inner === 'string' ? inner.toWellFormed() : inner,
  )
  return read
}
