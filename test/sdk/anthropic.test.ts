import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import Anthropic0 from 'anthropic-sdk-0'
import { betaZodTool as betaZodTool0 } from 'anthropic-sdk-0/helpers/beta/zod'
import { zodOutputFormat as zodOutputFormat0 } from 'anthropic-sdk-0/helpers/zod'
import { expect } from 'vitest'
import { MODEL } from '../conformance/lab.ts'
import { libraries } from './abilities.ts'
import type { Address, Client, Library, Question } from './library.ts'
import { place, weatherTool } from './place.ts'
import { proveAbilities } from './prove-abilities.ts'

interface Block {
  type: string
}

interface Message {
  content: readonly Block[]
}

/** What both generations have in common, of what is used here. */
interface Messages {
  create(body: Body, options: Options): PromiseLike<Message>
  stream(body: Body, options: Options): MessageStream
}

interface MessageStream {
  on(event: 'text', hear: (piece: string) => void): unknown
  finalMessage(): Promise<Message>
}

type Body = ReturnType<typeof ask>

interface Options {
  signal: AbortSignal | undefined
}

interface Generation {
  messages: Messages
  runTool: (body: Body, run: (input: { city: string }) => string, stream: boolean) => PromiseLike<Message>
  parse: (body: Body) => PromiseLike<{ parsed_output: unknown }>
}

function ask({ text, png }: Question) {
  const image = {
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: 'image/png' as const, data: png ?? '' },
  }
  const content = [{ type: 'text' as const, text }, ...(png === undefined ? [] : [image])]
  return { model: MODEL, max_tokens: 1024, messages: [{ role: 'user' as const, content }] }
}

const textOf = ({ content }: Message) =>
  content.map((block) => ('text' in block && block.type === 'text' ? block.text : '')).join('')

function createClient({ messages, runTool, parse }: Generation): Client {
  return {
    ask: async ({ signal, ...question }) => textOf(await messages.create(ask(question), { signal })),
    async stream({ signal, ...question }, hear) {
      const stream = messages.stream(ask(question), { signal })
      stream.on('text', hear)
      return textOf(await stream.finalMessage())
    },
    async useTool(text, { execute, streaming }) {
      return textOf(await runTool(ask({ text }), ({ city }) => execute(city), streaming))
    },
    readPlace: async (text) => (await parse(ask({ text }))).parsed_output,
  }
}

const optionsOf = ({ url, key }: Address) => ({ baseURL: url, apiKey: key, maxRetries: 0 })

function connectTo1(address: Address): Client {
  const { messages, beta } = new Anthropic(optionsOf(address))
  const output_config = { format: zodOutputFormat(place) }
  return createClient({
    messages,
    runTool(body, run, stream) {
      const tool = betaZodTool({ ...weatherTool, inputSchema: place, run })
      return beta.messages.toolRunner({ ...body, tools: [tool], stream })
    },
    parse: (body) => messages.parse({ ...body, output_config }),
  })
}

function connectTo0(address: Address): Client {
  const { messages, beta } = new Anthropic0(optionsOf(address))
  const output_config = { format: zodOutputFormat0(place) }
  return createClient({
    messages,
    runTool(body, run, stream) {
      const tool = betaZodTool0({ ...weatherTool, inputSchema: place, run })
      return beta.messages.toolRunner({ ...body, tools: [tool], stream })
    },
    parse: (body) => messages.parse({ ...body, output_config }),
  })
}

const told = (type: string) => ({
  error: { type: 'error', error: { type } },
  requestID: expect.stringMatching(/^req_/),
})

/** The same classes in both generations, each with its own. */
function failuresOf(errors: typeof Anthropic | typeof Anthropic0): Library['failures'] {
  return {
    badRequest: {
      is: (error) => error instanceof errors.BadRequestError,
      has: told('invalid_request_error'),
    },
    wrongKey: {
      is: (error) => error instanceof errors.AuthenticationError,
      has: told('authentication_error'),
    },
    throttled: { is: (error) => error instanceof errors.RateLimitError, has: told('rate_limit_error') },
    overflow: {
      is: (error) => error instanceof errors.BadRequestError,
      has: { message: expect.stringMatching(/prompt is too long: \d+ tokens > \d+ maximum/) },
    },
    brokenStream: {
      is: (error) => error instanceof errors.APIError,
      has: {
        status: undefined,
        error: { type: 'error', error: { type: expect.stringMatching(/^(api|overloaded)_error$/) } },
      },
    },
    aborted: { is: (error) => error instanceof errors.APIUserAbortError, has: {} },
  }
}

const structuredBy = ['schema']
proveAbilities([
  { ...libraries.anthropic1, structuredBy, connect: connectTo1, failures: failuresOf(Anthropic) },
  { ...libraries.anthropic0, structuredBy, connect: connectTo0, failures: failuresOf(Anthropic0) },
])
