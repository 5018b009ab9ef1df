import { Pool } from 'undici'
import { z } from 'zod'
import { createChatStreamReader } from './chat-stream-reader.ts'
import type { LoadRequest } from './requests.ts'

/** What is still not answered then counts as lost. */
const PATIENCE_MS = 60_000

export interface LoadClient {
  /** Sends one request and reads the answer as a stream; rejects when it is refused, cut or malformed. */
  stream(request: LoadRequest, onText: (text: string) => void): Promise<void>
  /** Sends one request and gives the text of the document that answers it. */
  ask(request: LoadRequest): Promise<string>
  /** Opens a stream that does not end by itself and reads it for nothing but when something comes. Answers how to leave. */
  watch(path: string, onData?: () => void): Promise<() => void>
  close(): Promise<void>
}

const chatDocument = z.looseObject({
  choices: z.tuple([z.looseObject({ message: z.looseObject({ content: z.string() }) })]),
})
const messagesDocument = z.looseObject({ content: z.tuple([z.looseObject({ text: z.string() })]) })

/** As many connections as there are requests on their way, each kept for the next one. */
export function createLoadClient(url: string, key: string): LoadClient {
  const pool = new Pool(url, { pipelining: 1, bodyTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }

  async function send({ path, body }: LoadRequest) {
    const answer = await pool.request({ method: 'POST', path, body, headers })
    if (answer.statusCode === 200) return answer.body
    throw new Error(`status ${answer.statusCode}: ${(await answer.body.text()).slice(0, 200)}`)
  }

  return {
    async stream(request, onText) {
      const reader = createChatStreamReader(onText)
      const body = await send(request)
      const ended = Promise.withResolvers<void>()
      body.on('data', (bytes: Buffer) => reader.push(bytes))
      body.on('end', ended.resolve).on('error', ended.reject)
      await ended.promise
      const complaint = reader.end()
      if (complaint !== undefined) throw new Error(complaint)
    },
    async ask(request) {
      const body = await send(request)
      const document: unknown = await body.json()
      if (request.path === '/v1/messages') return messagesDocument.parse(document).content[0].text
      return chatDocument.parse(document).choices[0].message.content
    },
    async watch(path, onData = () => {}) {
      const leaving = new AbortController()
      const { statusCode, body } = await pool.request({ method: 'GET', path, signal: leaving.signal })
      body.on('error', () => {}).on('data', onData)
      if (statusCode !== 200) throw new Error(`status ${statusCode} for ${path}`)
      return () => leaving.abort()
    },
    close: () => pool.close(),
  }
}
