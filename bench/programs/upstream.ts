/**
 * The model service of the bench: Amazon Q's chat call with an answer that was encoded before, as fast as the socket
 * takes it or token by token at its time, and what a gateway asks about each account. On the paths of the client APIs it answers in their form, so that a gateway
 * that only pipes can be measured, and no gateway at all. `PUT /behaviour` says how it answers.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { answerOf, nowInMicroseconds, stampToken, tokenAt } from '../answer.ts'
import { behaviourSchema, type Behaviour } from './behaviour.ts'
import {
  accountModels,
  accountUsage,
  chatDocument,
  chatStream,
  eventStream,
  messagesDocument,
  type AnswerForm,
} from './ready-made.ts'
import { serve } from './serve.ts'

/** After this many writes in a row other answers get their turn. */
const WRITES_IN_A_ROW = 16
/** Spreads what begins together as evenly as it goes over the time between two tokens. */
const GOLDEN_RATIO = 0.618_033_988_749_895

interface Script {
  behaviour: Behaviour
  event: readonly Buffer[]
  chat: readonly Buffer[]
  chatDocument: string
  messagesDocument: string
}

let script = writeScript({ tokens: 1, tokensPerWrite: 1, stream: true })
let pacedCount = 0

serve(createServer((request, response) => void receive(request, response)))

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/behaviour') {
    script = writeScript(behaviourSchema.parse(JSON.parse(await readText(request))))
    response.writeHead(204).end()
    return
  }
  let byteCount = 0
  request.on('data', (bytes: Buffer) => (byteCount += bytes.length))
  request.on('end', () => {
    if (byteCount < (script.behaviour.leastRequestBytes ?? 0)) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"The prompt is cut."}')
    } else answer(request, response)
  })
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks = await request.toArray()
  return Buffer.concat(chunks).toString()
}

function answer({ url: path, headers }: IncomingMessage, response: ServerResponse): void {
  const operation = String(headers['x-amz-target']).split('.').at(-1)
  if (operation === 'ListAvailableModels') sendDocument(response, accountModels)
  else if (operation === 'GetUsageLimits') sendDocument(response, accountUsage)
  else if (path === '/v1/messages') sendDocument(response, script.messagesDocument)
  else if (path === '/') sendStream(response, eventStream, script.event)
  else if (script.behaviour.stream) sendStream(response, chatStream, script.chat)
  else sendDocument(response, script.chatDocument)
}

function sendDocument(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Past its head the answer is written straight to the socket: one write of ours is one write of the socket. */
function sendStream(response: ServerResponse, form: AnswerForm, writes: readonly Buffer[]): void {
  const { socket } = response
  if (socket === null) return
  response.writeHead(200, { 'content-type': form.contentType, 'x-amzn-requestid': 'bench' })
  response.flushHeaders()
  const finish = (): void => void response.end()
  const { tokens, tokensPerSecond } = script.behaviour
  if (tokensPerSecond === undefined) pour(socket, writes, finish)
  else drip(socket, { form, tokens, intervalMs: 1000 / tokensPerSecond, finish })
}

function pour(socket: Socket, writes: readonly Buffer[], finish: () => void): void {
  let position = 0
  const next = (): void => {
    const last = Math.min(position + WRITES_IN_A_ROW, writes.length) - 1
    for (; position < last; position += 1) socket.write(writes[position] ?? '')
    const isAll = last === writes.length - 1
    position += 1
    socket.write(writes[last] ?? '', (error) => {
      if (error != null || socket.destroyed) return
      if (isAll) finish()
      else setImmediate(next)
    })
  }
  next()
}

interface Drip {
  form: AnswerForm
  tokens: number
  intervalMs: number
  finish: () => void
}

function drip(socket: Socket, { form, tokens, intervalMs, finish }: Drip): void {
  pacedCount += 1
  const phaseMs = ((pacedCount * GOLDEN_RATIO) % 1) * intervalMs
  let index = 0
  let timer: NodeJS.Timeout | undefined
  const send = (): void => {
    if (socket.destroyed) return clearInterval(timer)
    if (index === 0) socket.write(frameChunk(form.head))
    socket.write(frameChunk([form.encodeToken(stampToken(index, nowInMicroseconds()))]))
    index += 1
    if (index < tokens) return
    clearInterval(timer)
    socket.write(frameChunk(form.tail))
    finish()
  }
  setTimeout(() => {
    timer = setInterval(send, intervalMs)
  }, phaseMs)
}

function writeScript(behaviour: Behaviour): Script {
  const text = answerOf(behaviour.tokens)
  return {
    behaviour,
    event: cutIntoWrites(eventStream, behaviour),
    chat: cutIntoWrites(chatStream, behaviour),
    chatDocument: JSON.stringify(chatDocument(text)),
    messagesDocument: JSON.stringify(messagesDocument(text)),
  }
}

function cutIntoWrites(form: AnswerForm, { tokens, tokensPerWrite }: Behaviour): Buffer[] {
  const pieces = Array.from({ length: tokens }, (_, index) => form.encodeToken(tokenAt(index)))
  const groups: Buffer[][] = []
  for (let start = 0; start < tokens; start += tokensPerWrite) {
    groups.push(pieces.slice(start, start + tokensPerWrite))
  }
  return [form.head, ...groups, form.tail].filter((group) => group.length > 0).map(frameChunk)
}

/** As one chunk of HTTP's chunked encoding; nothing for nothing, as an empty chunk would end the body. */
function frameChunk(pieces: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(pieces)
  if (bytes.length === 0) return bytes
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}
