/**
 * One answer of the service, read by a client of each API, streamed and whole: it says the same by every way. The client
 * says it again in its next request, and it arrives as the service said it.
 */
import { z } from 'zod'
import { reasoning, signature, text, toolUse, trailer } from '../../../simulator/replies/events.ts'
import { encodeStep, type Step } from '../../../simulator/replies/steps.ts'
import { createReplyCollector } from '../../../src/conversation/collect-reply.ts'
import type { Reply } from '../../../src/conversation/reply.ts'
import { chain } from '../../../src/conversation/stage.ts'
import { createPipeline } from '../../../src/relay/pipeline.ts'
import { createReplyStages } from '../../../src/relay/reply-stages.ts'
import { createReplyDecoder } from '../../../src/upstreams/amazon-q/decode-reply.ts'
import { createEventStreamDecoder } from '../../../src/upstreams/amazon-q/event-stream.ts'
import { createReasoningSeal } from '../../../src/upstreams/amazon-q/reasoning-seal.ts'
import type { ToolNames } from '../../../src/upstreams/amazon-q/tool-names.ts'
import { createRandom, type Random } from '../hostile/random.ts'
import { createAnswer, type Answer } from './answer.ts'
import { clients, type Client } from './clients.ts'
import { demandEqual } from './demand.ts'
import type { Heard } from './heard.ts'
import { createTale, type Tale, type UserTurn } from './tale.ts'
import type { Told } from './told.ts'
import { ACCOUNT, model, translate, type Translated } from './translate.ts'

const lastAnswer = z.looseObject({
  assistantResponseMessage: z.looseObject({
    content: z.string(),
    toolUses: z.array(z.looseObject({ toolUseId: z.string(), input: z.unknown().optional() })).default([]),
    reasoningContent: z.unknown().optional(),
  }),
})
const nextBody = z.looseObject({ conversationState: z.looseObject({ history: z.array(z.unknown()) }) })
const head = { id: 'id', requestId: 'req_1', model: 'm', createdAt: new Date(0), inputTokens: 7 }

/** Answers how many calls there were. */
export function checkAnswer(seed: number): number {
  const random = createRandom(seed)
  const { turns, ...rest } = createTale(random)
  const tale: Tale = { ...rest, turns: turns.at(-1)?.role === 'assistant' ? turns.slice(0, -1) : turns }
  const answer = createAnswer(random, tale)
  const bodies = clients.map((client) => {
    const told = wish(client, client.tell(tale, random))
    const heard = answerTo(client, told, answer, random)
    return goOn(client, { told, heard, turn: answer.next }, random)
  })
  checkNext(bodies, answer)
  return answer.blocks.filter(({ kind }) => kind === 'call').length
}

function wish({ wish: wished, list }: Client, { headers, body }: Told): Told {
  const said = body[list]
  const conversation = typeof said === 'string' ? [{ role: 'user', content: said }] : said
  return { headers, body: { ...body, ...wished, [list]: conversation } }
}

/** Streamed or whole, the client hears the same. */
function answerTo({ dialect, ear }: Client, told: Told, answer: Answer, random: Random): Heard {
  const translated = translate(dialect, told)
  const { stream, reply } = writeAnswer(translated, answer, random)
  const { thinking, blocks } = answer
  const thought = thinking === undefined ? [] : [{ kind: 'thinking', text: thinking.text } as const]
  const wanted = ear.told([...thought, ...blocks])
  const streamed = ear.hearStream(stream)
  const whole = ear.hearWhole(translated.chat.answerForm.writeReply(reply, head))
  for (const heard of [streamed, whole]) {
    demandEqual(`what a client of ${dialect.name} hears`, heard.blocks, wanted)
    const wantsResults = blocks.some(({ kind }) => kind === 'call')
    demandEqual(`the end of ${dialect.name}`, heard.wantsResults, wantsResults)
  }
  return random.pick([streamed, whole])
}

function writeAnswer(
  { chat, draft, outgoing }: Translated,
  answer: Answer,
  random: Random,
): { stream: string; reply: Reply } {
  const { toolNames } = outgoing.encoded
  const encoder = chat.answerForm.createEncoder(head)
  const collector = createReplyCollector()
  const replies: Reply[] = []
  let stream = encoder.open()
  const decoder = createReplyDecoder({
    prompt: draft.prompt,
    toolNames,
    seal: createReasoningSeal({ accountId: ACCOUNT, modelId: model.id }),
    clock: { now: () => 0 },
  })
  const stages = createReplyStages({
    conversation: chat.conversation,
    demands: { createStages: () => [] },
    gate: 'first-content',
    inputTokens: head.inputTokens,
    isLastChance: () => true,
    onCallLeftOut: () => {},
  })
  const pipeline = createPipeline(chain(createEventStreamDecoder(), decoder), stages, (event) => {
    if (event.type !== 'reply-start') stream += encoder.push(event)
    collector.push(event, (reply) => replies.push(reply))
  })
  const bytes = Buffer.concat(
    stepsOf(answer, toolNames, random).map((step) => encodeStep(step) ?? Buffer.alloc(0)),
  )
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + random.below(400)
    pipeline.push(bytes.subarray(start, end))
    start = end
  }
  pipeline.end()
  const [reply] = replies
  if (reply === undefined) throw new Error('The answer has no end.')
  return { stream, reply }
}

function stepsOf({ thinking, blocks }: Answer, names: ToolNames, random: Random): Step[] {
  const thought = thinking && [...piecesOf(thinking.text, random).map(reasoning), signature(thinking.proof)]
  const said = blocks.flatMap((block) =>
    block.kind === 'text'
      ? piecesOf(block.text, random).map((piece) => text(piece))
      : toolUse(block.id, names.toService(block.name), piecesOf(JSON.stringify(block.input), random)),
  )
  return [...(thought ?? []), ...said, ...trailer()]
}

/** Cut between characters. */
function piecesOf(whole: string, random: Random): string[] {
  const pieces = ['']
  for (const letter of whole) {
    if (random.below(6) === 0) pieces.push('')
    pieces.push(`${pieces.pop()}${letter}`)
  }
  return pieces
}

interface Next {
  told: Told
  heard: Heard
  turn: UserTurn
}

/** What is sent when the client has put the answer behind its conversation, and gone on. */
function goOn({ dialect, list, tellUser }: Client, { told, heard, turn }: Next, random: Random): unknown {
  const said: unknown = told.body[list]
  const before: unknown[] = Array.isArray(said) ? said : []
  const body = { ...told.body, [list]: [...before, ...heard.echo, ...tellUser(turn, random)] }
  return JSON.parse(translate(dialect, { ...told, body }).outgoing.body.toString())
}

/** All say the same, as the service said it; thinking comes back where the API has a place for its proof. */
function checkNext(bodies: readonly unknown[], { thinking, blocks }: Answer): void {
  const texts = blocks.filter((block) => block.kind === 'text')
  const calls = blocks.filter((block) => block.kind === 'call')
  const states = bodies.map((body, index) => {
    const client = clients[index]?.dialect.name ?? ''
    const { conversationState: state } = nextBody.parse(body)
    const { assistantResponseMessage: message } = lastAnswer.parse(state.history.at(-1))
    const keeps = thinking !== undefined && client !== 'openai-chat'
    const wanted = keeps ? { reasoningText: { text: thinking.text, signature: thinking.proof } } : undefined
    demandEqual(`thinking that ${client} sends again`, message.reasoningContent, wanted)
    // Chat keeps no texts of one answer apart.
    const words = texts.map(({ text: said }) => said).join(client === 'openai-chat' ? '' : '\n\n')
    demandEqual(`words that ${client} sends again`, message.content, words || ' ')
    demandEqual(
      `calls that ${client} sends again`,
      message.toolUses.map(({ toolUseId, input }) => ({ id: toolUseId, input })),
      calls.map(({ id, input }) => ({ id, input })),
    )
    const names = message.toolUses.map((use) => use['name'])
    return { ...state, history: [...state.history.slice(0, -1), names] }
  })
  for (const state of states) demandEqual('the rest', state, states[0])
}
