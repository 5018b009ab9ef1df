/** The operator's API under requests of any kind, made from the gateway's own `/openapi.json`. */
import { Client, type Dispatcher } from 'undici'
import { z } from 'zod'
import type { GatewayUnderTest } from '../../gateway-under-test.ts'
import { createOperatorModel } from './operator-model.ts'
import type { Random } from './random.ts'
import { createOperatorRequests, CANARY, documentShape, type Operation } from './operator-requests.ts'

interface OperatorApi {
  /** Sends one request. Throws when the answer breaks a promise; else tells the operation and the status. */
  step(random: Random): Promise<{ operation: string; status: number }>
  close(): Promise<void>
}

const STATUSES = new Set([200, 400, 401, 402, 403, 404, 405, 408, 409, 411, 413, 414, 415, 422, 429, 503])
/** Of requests without the password. Some paths are none that could be matched with a route. */
const CLOSED = new Set([400, 401, 404])
const FEED = 'GET /v2/feed'
/** What these ask of the service it may refuse, and they say so. */
const ASKS_SERVICE = /refresh$|usage$|\/auth\/(start|claim)|(chat|responses|messages)\/test$/
const told = { message: z.string().min(1).max(3000), type: z.string() }
const errorShape = z.looseObject({ error: z.looseObject({ ...told, code: z.string().nullable() }) })
/** Its errors are those of its dialect, which has no codes. */
const ANTHROPIC_TRIAL = 'POST /v2/messages/test'
const anthropicErrorShape = z.looseObject({ type: z.literal('error'), error: z.looseObject(told) })

/** `password`: of the operator. */
export async function openOperatorApi(gateway: GatewayUnderTest, password: string): Promise<OperatorApi> {
  const document = documentShape.parse(await (await gateway.fetch('/openapi.json')).json())
  const model = createOperatorModel()
  const requests = createOperatorRequests(document, model)
  const client = new Client(gateway.url, { headersTimeout: 20_000 })

  async function step(random: Random) {
    const { operation, id, target, body, text } = requests.make(random)
    const spoiled = random.below(30)
    const headers: Record<string, string> = {
      ...(spoiled !== 0 && { authorization: `Bearer ${password}` }),
      ...(text !== undefined && { 'content-type': spoiled === 1 ? 'text/plain' : 'application/json' }),
    }
    const { method } = operation
    const answer = await client.request({ method, path: target, headers, body: text ?? null })
    const received = {
      status: answer.statusCode,
      headers: answer.headers,
      text: await readText(operation, answer),
    }
    try {
      const parsed = checkAnswer(operation, received)
      if (spoiled === 0 && !CLOSED.has(received.status)) throw new Error('It was let in without the password')
      const exchange = { operation: operation.name, id, body, status: received.status, answer: parsed }
      model.check(exchange)
      model.learn(exchange)
    } catch (cause) {
      const sent = `${method} ${target.slice(0, 300)} ${text?.slice(0, 1000) ?? ''}`
      throw new Error(`${String(cause)}\n${sent}\n${received.status} ${received.text.slice(0, 1000)}`, {
        cause,
      })
    }
    checkLog(gateway.log)
    return { operation: operation.name, status: received.status }
  }

  return { step, close: () => client.close() }
}

/** Of a stream that goes on for as long as somebody watches, the first piece. */
async function readText({ name }: Operation, { statusCode, body }: Dispatcher.ResponseData): Promise<string> {
  if (name !== FEED || statusCode !== 200) return body.text()
  for await (const piece of body) return String(piece)
  return ''
}

interface Received {
  status: number
  headers: Record<string, unknown>
  text: string
}

/** Throws when an answer is none that the document, or good manners, allow. Answers its JSON, if it is any. */
function checkAnswer({ name, answers }: Operation, { status, headers, text }: Received): unknown {
  if (!STATUSES.has(status) && !(status >= 502 && ASKS_SERVICE.test(name)))
    throw new Error(`Status ${status}`)
  if (`${text}${JSON.stringify(headers)}`.includes(CANARY)) throw new Error('A secret comes back')
  if (/\n\s+at |node_modules|\.ts:\d/.test(text)) throw new Error('It tells of its insides')
  // The feed, and accounts as a table.
  if (/^text\/(event-stream|csv)/.test(String(headers['content-type']))) return undefined
  const parsed: unknown = JSON.parse(text)
  if (status !== 200) (name === ANTHROPIC_TRIAL ? anthropicErrorShape : errorShape).parse(parsed)
  else if (answers?.validate(parsed).valid === false) throw new Error('The answer is not as it is documented')
  return parsed
}

/** Lines are dropped once they were looked at. */
function checkLog(log: string[]): void {
  const leak = log.find((line) => line.includes(CANARY))
  log.length = 0
  if (leak !== undefined) throw new Error(`A secret is logged: ${leak}`)
}
