/** The whole gateway before the strict simulator, and what must hold of its answer to a request of any content. */
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../gateway-under-test.ts'
import type { HostileRequest } from './conversations.ts'
import { isAboutLength } from './request-judge.ts'

export interface ChatRig {
  /** Sends it. Throws when the answer breaks a promise; else tells its status. */
  send(request: HostileRequest): Promise<number>
  close(): Promise<void>
}

const KEY = 'sk-canary-0123456789abcdef'
const PASSWORD = 'canary correct horse'
const LONGEST_MS = 30_000
/** 502: the simulator answers with a call only when it is asked in its own words, so a call that is demanded stays out. */
const STATUSES: ReadonlySet<number> = new Set([200, 400, 413, 502])
const DEMANDED = /demand|required|call of/i

const message = z.string().min(1).max(3000)
const openaiError = z.looseObject({ error: z.looseObject({ message, type: z.string() }) })
const anthropicError = z.looseObject({
  type: z.literal('error'),
  error: z.looseObject({ message, type: z.string() }),
  request_id: z.string(),
})
const filled = z.array(z.unknown()).min(1)
/** Each API's answer, with something in it. */
const answers: Readonly<Record<string, z.ZodType>> = {
  'anthropic-messages': z.looseObject({ content: filled }),
  'openai-chat': z.looseObject({ choices: filled }),
  'openai-responses': z.looseObject({ output: filled }),
  'openai-compact': z.looseObject({ output: filled }),
}

export async function startChatRig(): Promise<ChatRig> {
  const environment = { OPENAI_KEYS: KEY, ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'warn' }
  const gateway = await startGatewayUnderTest({ environment })
  gateway.simulator.change({ journalEntries: 20 })
  return {
    async send({ dialect, body }) {
      const answer = await gateway.fetch(dialect.paths[0] ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(LONGEST_MS),
      })
      const text = await answer.text()
      checkAnswer(dialect.name, answer.status, text)
      checkTraces(gateway)
      return answer.status
    },
    close: () => gateway.close(),
  }
}

function checkAnswer(api: string, status: number, text: string): void {
  const told = text.slice(0, 500)
  if (!STATUSES.has(status)) throw new Error(`Status ${status}: ${told}`)
  if (text.includes(KEY) || text.includes(PASSWORD)) throw new Error('A secret comes back')
  const parsed: unknown = JSON.parse(text)
  const error = api === 'anthropic-messages' ? anthropicError : openaiError
  const shape = status === 200 ? answers[api] : error
  if (shape?.safeParse(parsed).success !== true) throw new Error(`Not as the API has it: ${told}`)
  if (status === 502 && !DEMANDED.test(told)) throw new Error(`A failure that nobody asked for: ${told}`)
  if (/\n\s+at |node_modules|\.ts:\d/.test(status === 200 ? '' : text))
    throw new Error('It tells of its insides')
}

/** What the service and the log have of it; both are forgotten then. */
function checkTraces({ simulator, log }: GatewayUnderTest): void {
  const violation = simulator.journal.violations().find((each) => !isAboutLength(each))
  if (violation !== undefined) throw new Error(`The service minds ${JSON.stringify(violation)}`)
  simulator.journal.clear()
  const bug = log.find((line) => /"level":[56]0/.test(line) || line.includes('canary'))
  if (bug !== undefined) throw new Error(`It is in the log: ${bug.slice(0, 1000)}`)
  log.length = 0
}
