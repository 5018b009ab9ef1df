/**
 * The least gateway on `node:http` that translates: JSON in, event stream to server-sent events or JSON out. It has no
 * keys, accounts, counters, limits or time-outs, trusts every byte of the upstream (no checksums), and shares no code
 * with src/. UPSTREAM is where it sends to.
 */
import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import { createFrameCutter } from './min/frame-cutter.ts'
import { chatToService, messagesToService, type ChatRequest, type MessagesRequest } from './min/requests.ts'
import { serve } from './serve.ts'

const upstream = process.env['UPSTREAM'] ?? ''
const agent = new Agent({ keepAlive: true })

serve(
  createServer((request, response) => {
    if (request.method === 'GET') {
      response.end('{"status":"ok"}')
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (bytes: Buffer) => chunks.push(bytes))
    request.on('end', () => translate(request, response, Buffer.concat(chunks).toString()))
  }),
)

function translate(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (request.url === '/v1/messages') {
    const messages: MessagesRequest = JSON.parse(body)
    ask(messagesToService(messages), response, collectMessage)
    return
  }
  const chat: ChatRequest = JSON.parse(body)
  ask(chatToService(chat), response, chat.stream === true ? streamCompletion : collectCompletion)
}

function ask(
  conversation: object,
  response: ServerResponse,
  relay: (answer: IncomingMessage, response: ServerResponse) => void,
): void {
  const body = JSON.stringify({ conversationState: conversation })
  const headers = {
    authorization: 'Bearer none',
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
  }
  const onward = send(upstream, { method: 'POST', agent, headers }, (answer) => {
    if (answer.statusCode === 200) relay(answer, response)
    else response.writeHead(502).end(answer.resume() && '')
  })
  onward.on('error', (error) => response.destroy(error))
  response.on('close', () => {
    if (!response.writableFinished) onward.destroy()
  })
  onward.end(body)
}

const completionHead = '"id":"chatcmpl-min","created":1700000000,"model":"bench"'
const chunkStart = `data: {${completionHead},"object":"chat.completion.chunk","choices":[{"index":0,"delta":`
const chunkEnd = ',"finish_reason":null}]}\n\n'

function streamCompletion(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.write(`${chunkStart}{"role":"assistant","content":""}${chunkEnd}`)
  let pending = ''
  const cutter = createFrameCutter((text) => {
    pending += `${chunkStart}{"content":${JSON.stringify(text)}}${chunkEnd}`
  })
  answer.on('data', (bytes: Buffer) => {
    cutter(bytes)
    if (pending !== '') response.write(pending)
    pending = ''
  })
  answer.on('end', () => {
    response.end(`${chunkStart}{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`)
  })
}

function collectCompletion(answer: IncomingMessage, response: ServerResponse): void {
  collect(answer, (text) => {
    const message = `{"role":"assistant","content":${JSON.stringify(text)}}`
    const choices = `[{"index":0,"message":${message},"finish_reason":"stop"}]`
    sendJson(response, `{${completionHead},"object":"chat.completion","choices":${choices}}`)
  })
}

function collectMessage(answer: IncomingMessage, response: ServerResponse): void {
  collect(answer, (text) => {
    const content = [{ type: 'text', text }]
    const head = { id: 'msg_min', type: 'message', role: 'assistant', model: 'bench' }
    sendJson(response, JSON.stringify({ ...head, content, stop_reason: 'end_turn' }))
  })
}

function collect(answer: IncomingMessage, finish: (text: string) => void): void {
  let whole = ''
  const cutter = createFrameCutter((text) => {
    whole += text
  })
  answer.on('data', (bytes: Buffer) => cutter(bytes))
  answer.on('end', () => finish(whole))
}

function sendJson(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
