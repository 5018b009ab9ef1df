import { ChatAnthropic } from '@langchain/anthropic'
import { ContextOverflowError } from '@langchain/core/errors'
import { AIMessageChunk, HumanMessage, type BaseMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { MODEL } from '../conformance/lab.ts'
import { libraries } from './abilities.ts'
import type { Address, Client, Failure, Library, Question } from './library.ts'
import { place, weatherTool } from './place.ts'
import { proveAbilities } from './prove-abilities.ts'

const ask = ({ text, png }: Question) =>
  new HumanMessage({
    contentBlocks: [
      { type: 'text', text },
      ...(png === undefined ? [] : [{ type: 'image' as const, mimeType: 'image/png', data: png }]),
    ],
  })

const optionsOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal })

async function joinChunks(chunks: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole = new AIMessageChunk('')
  for await (const chunk of chunks) whole = whole.concat(chunk)
  return whole
}

function createClient(model: ChatOpenAI | ChatAnthropic): Client {
  return {
    ask: async ({ signal, ...question }) => (await model.invoke([ask(question)], optionsOf(signal))).text,
    async stream({ signal, ...question }, hear) {
      const pieces: string[] = []
      for await (const { text } of await model.stream([ask(question)], optionsOf(signal))) {
        if (text !== '') hear(text)
        pieces.push(text)
      }
      return pieces.join('')
    },
    async useTool(text, { execute, streaming }) {
      const getWeather = tool(({ city }) => execute(city), { ...weatherTool, schema: place })
      const bound = model.bindTools([getWeather])
      const messages: BaseMessage[] = [ask({ text })]
      for (;;) {
        const answer = streaming
          ? await joinChunks(await bound.stream(messages))
          : await bound.invoke(messages)
        const calls = answer.tool_calls ?? []
        if (calls.length === 0) return answer.text
        messages.push(answer)
        for (const call of calls) messages.push(await getWeather.invoke({ ...call, type: 'tool_call' }))
      }
    },
    readPlace(text, by) {
      const method = by === 'schema' ? 'jsonSchema' : 'functionCalling'
      return model.withStructuredOutput(place, { name: PLACE_TOOL, method }).invoke(text)
    },
  }
}

const PLACE_TOOL = 'place'
const common = { model: MODEL, maxRetries: 0 }
const connectToChat = ({ url, key }: Address) =>
  createClient(new ChatOpenAI({ ...common, apiKey: key, configuration: { baseURL: `${url}/v1` } }))
const connectToResponses = ({ url, key }: Address) => {
  const configuration = { baseURL: `${url}/v1` }
  return createClient(new ChatOpenAI({ ...common, apiKey: key, configuration, useResponsesApi: true }))
}
const connectToMessages = ({ url, key }: Address) =>
  createClient(new ChatAnthropic({ ...common, apiKey: key, anthropicApiUrl: url }))

const withStatus = (status: number, lc_error_code?: string): Failure => ({
  is: (error) => error instanceof Error,
  has: { status, ...(lc_error_code !== undefined && { lc_error_code }) },
})
const failures: Library['failures'] = {
  badRequest: withStatus(400),
  wrongKey: withStatus(401, 'MODEL_AUTHENTICATION'),
  throttled: withStatus(429, 'MODEL_RATE_LIMIT'),
  overflow: { is: (error) => ContextOverflowError.isInstance(error), has: {} },
  brokenStream: { is: (error) => error instanceof Error, has: { status: undefined } },
  aborted: { is: (error) => error instanceof Error && error.name === 'AbortError', has: {} },
}

const shared = { structuredBy: ['schema', PLACE_TOOL], failures }
proveAbilities([
  { ...libraries.langchainChat, ...shared, connect: connectToChat },
  { ...libraries.langchainResponses, ...shared, connect: connectToResponses },
  { ...libraries.langchainAnthropic, ...shared, connect: connectToMessages },
])
