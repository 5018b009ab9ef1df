import OpenAI from 'openai'
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import { expect } from 'vitest'
import { MODEL } from '../conformance/lab.ts'
import { libraries } from './abilities.ts'
import type { Address, Client, Library, Question } from './library.ts'
import { place, placeSchema, readPlace, weatherTool } from './place.ts'
import { proveAbilities } from './prove-abilities.ts'

const open = ({ url, key }: Address) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
const urlOf = (png: string) => `data:image/png;base64,${png}`
const failures: Library['failures'] = {
  badRequest: { is: (error) => error instanceof OpenAI.BadRequestError, has: { param: expect.any(String) } },
  wrongKey: { is: (error) => error instanceof OpenAI.AuthenticationError, has: { code: 'invalid_api_key' } },
  throttled: { is: (error) => error instanceof OpenAI.RateLimitError, has: { code: 'rate_limit_exceeded' } },
  overflow: {
    is: (error) => error instanceof OpenAI.BadRequestError,
    has: { code: 'context_length_exceeded' },
  },
  brokenStream: {
    is: (error) => error instanceof OpenAI.APIError,
    has: { status: undefined, type: 'server_error' },
  },
  aborted: { is: (error) => error instanceof OpenAI.APIUserAbortError, has: {} },
}

const askChat = ({ text, png }: Question) => ({
  model: MODEL,
  messages: [
    {
      role: 'user' as const,
      content:
        png === undefined
          ? text
          : [
              { type: 'text' as const, text },
              { type: 'image_url' as const, image_url: { url: urlOf(png) } },
            ],
    },
  ],
})

function createChatClient(address: Address): Client {
  const { completions } = open(address).chat
  return {
    async ask(question) {
      const { choices } = await completions.create(askChat(question), { signal: question.signal })
      return choices[0]?.message.content ?? ''
    },
    async stream(question, hear) {
      const stream = completions.stream(askChat(question), { signal: question.signal })
      const { choices } = await stream.on('content', hear).finalChatCompletion()
      return choices[0]?.message.content ?? ''
    },
    async useTool(text, { execute, streaming }) {
      const run = ({ city }: { city: string }) => execute(city)
      const tool = { ...weatherTool, parameters: placeSchema, parse: readPlace, function: run }
      const body = { ...askChat({ text }), tools: [{ type: 'function' as const, function: tool }] }
      const runner = streaming
        ? completions.runTools({ ...body, stream: true })
        : completions.runTools({ ...body, stream: false })
      return (await runner.finalContent()) ?? ''
    },
    async readPlace(text) {
      const format = zodResponseFormat(place, 'place')
      const { choices } = await completions.parse({ ...askChat({ text }), response_format: format })
      return choices[0]?.message.parsed
    },
  }
}

const askResponses = ({ text, png }: Question) => ({
  model: MODEL,
  input: [
    {
      role: 'user' as const,
      content: [
        { type: 'input_text' as const, text },
        ...(png === undefined
          ? []
          : [{ type: 'input_image' as const, detail: 'auto' as const, image_url: urlOf(png) }]),
      ],
    },
  ],
})

function createResponsesClient(address: Address): Client {
  const { responses } = open(address)
  return {
    async ask(question) {
      const response = await responses.create(askResponses(question), { signal: question.signal })
      return response.output_text
    },
    async stream(question, hear) {
      const stream = responses.stream(askResponses(question), { signal: question.signal })
      stream.on('response.output_text.delta', ({ delta }) => hear(delta))
      return (await stream.finalResponse()).output_text
    },
    async useTool(text, { execute, streaming }) {
      const tool = { ...weatherTool, type: 'function' as const, parameters: placeSchema, strict: true }
      const input: OpenAI.Responses.ResponseInputItem[] = askResponses({ text }).input
      for (;;) {
        const body = { model: MODEL, input, tools: [tool] }
        const response: OpenAI.Responses.Response = streaming
          ? await responses.stream(body).finalResponse()
          : await responses.create(body)
        const calls = response.output.filter((item) => item.type === 'function_call')
        if (calls.length === 0) return response.output_text
        const results = calls.map((call) => ({
          type: 'function_call_output' as const,
          call_id: call.call_id,
          output: execute(readPlace(call.arguments).city),
        }))
        input.push(...calls, ...results)
      }
    },
    async readPlace(text) {
      const format = zodTextFormat(place, 'place')
      return (await responses.parse({ ...askResponses({ text }), text: { format } })).output_parsed
    },
  }
}

const common = { structuredBy: ['schema'], failures }
proveAbilities([
  { ...libraries.openaiChat, ...common, connect: createChatClient },
  { ...libraries.openaiResponses, ...common, connect: createResponsesClient },
])
