import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import * as ai7 from 'ai'
import * as ai6 from 'ai-6'
import { createAnthropic as createAnthropic3 } from 'ai-sdk-anthropic-3'
import { createOpenAI as createOpenAI3 } from 'ai-sdk-openai-3'
import { expect } from 'vitest'
import { MODEL } from '../conformance/lab.ts'
import { libraries } from './abilities.ts'
import type { Address, Client, Failure, Library, Question } from './library.ts'
import { place, weatherTool } from './place.ts'
import { proveAbilities } from './prove-abilities.ts'

interface Part {
  type: string
}

type Prompt = ReturnType<typeof ask>
type Tools = ReturnType<typeof toolsOf>

/** What both generations have in common, of what is used here. */
interface Generation {
  generate: (prompt: Prompt, tools?: Tools) => PromiseLike<{ text: string }>
  stream: (prompt: Prompt, tools?: Tools) => { fullStream: AsyncIterable<Part>; text: PromiseLike<string> }
  /** `by`: the mode of Anthropic's provider, which others do not heed. */
  readPlace: (prompt: Prompt, by: 'outputFormat' | 'jsonTool') => PromiseLike<{ output: unknown }>
}

class Aborted extends Error {}

const ask = ({ text, png, signal }: Question) => ({
  messages: [
    {
      role: 'user' as const,
      content: [
        { type: 'text' as const, text },
        ...(png === undefined ? [] : [{ type: 'file' as const, data: png, mediaType: 'image/png' }]),
      ],
    },
  ],
  ...(signal !== undefined && { abortSignal: signal }),
})

const toolsOf = (execute: (city: string) => string) => ({
  [weatherTool.name]: {
    description: weatherTool.description,
    inputSchema: place,
    execute: ({ city }: { city: string }) => execute(city),
  },
})

function createClient({ generate, stream, readPlace }: Generation): Client {
  return {
    ask: async (question) => (await generate(ask(question))).text,
    stream: (question, hear) => read(stream(ask(question)), hear),
    async useTool(text, { execute, streaming }) {
      const tools = toolsOf(execute)
      return streaming
        ? read(stream(ask({ text }), tools), () => {})
        : (await generate(ask({ text }), tools)).text
    },
    readPlace: async (text, by) =>
      (await readPlace(ask({ text }), by === 'schema' ? 'outputFormat' : 'jsonTool')).output,
  }
}

/** What goes wrong in a stream is a part of it. */
async function read(
  { fullStream, text }: ReturnType<Generation['stream']>,
  hear: (piece: string) => void,
): Promise<string> {
  const told = Promise.resolve(text)
  told.catch(() => {})
  for await (const part of fullStream) {
    if (part.type === 'text-delta' && 'text' in part && typeof part.text === 'string') hear(part.text)
    if (part.type === 'error' && 'error' in part) throw part.error
    if (part.type === 'abort') throw new Aborted()
  }
  return told
}

const common = { maxRetries: 0, maxOutputTokens: 1024 }
const onError = () => {}

function createClient7(model: ai7.LanguageModel): Client {
  const stopWhen = ai7.stepCountIs(3)
  const output = ai7.Output.object({ schema: place })
  return createClient({
    generate: (prompt, tools = {}) => ai7.generateText({ model, ...common, stopWhen, tools, ...prompt }),
    stream: (prompt, tools = {}) => ai7.streamText({ model, ...common, onError, stopWhen, tools, ...prompt }),
    readPlace(prompt, structuredOutputMode) {
      const providerOptions = { anthropic: { structuredOutputMode } }
      return ai7.generateText({ model, ...common, output, providerOptions, ...prompt })
    },
  })
}

function createClient6(model: ai6.LanguageModel): Client {
  const stopWhen = ai6.stepCountIs(3)
  const output = ai6.Output.object({ schema: place })
  return createClient({
    generate: (prompt, tools = {}) => ai6.generateText({ model, ...common, stopWhen, tools, ...prompt }),
    stream: (prompt, tools = {}) => ai6.streamText({ model, ...common, onError, stopWhen, tools, ...prompt }),
    readPlace(prompt, structuredOutputMode) {
      const providerOptions = { anthropic: { structuredOutputMode } }
      return ai6.generateText({ model, ...common, output, providerOptions, ...prompt })
    },
  })
}

const optionsOf = ({ url, key }: Address) => ({ baseURL: `${url}/v1`, apiKey: key })

const wasAborted = (error: unknown) =>
  error instanceof Aborted || (error instanceof Error && error.name === 'AbortError')

function failuresOf({ APICallError, TypeValidationError }: typeof ai7 | typeof ai6): Library['failures'] {
  const withStatus = (statusCode: number, isRetryable = false): Failure => ({
    is: APICallError.isInstance,
    has: { statusCode, isRetryable },
  })
  return {
    badRequest: withStatus(400),
    wrongKey: withStatus(401),
    throttled: withStatus(429, true),
    overflow: {
      ...withStatus(400),
      has: { message: expect.stringMatching(/^prompt is too long|maximum context length/) },
    },
    // A part that is not as its schema has it would be a failure too.
    brokenStream: { is: (error) => !TypeValidationError.isInstance(error), has: {} },
    aborted: { is: wasAborted, has: {} },
  }
}

const seven = { failures: failuresOf(ai7), structuredBy: ['schema'] }
const six = { failures: failuresOf(ai6), structuredBy: ['schema'] }
const anthropicWays = ['schema', 'json']
proveAbilities([
  {
    ...seven,
    ...libraries.ai7Responses,
    connect: (address) => createClient7(createOpenAI(optionsOf(address))(MODEL)),
  },
  {
    ...seven,
    ...libraries.ai7Chat,
    connect: (address) => createClient7(createOpenAI(optionsOf(address)).chat(MODEL)),
  },
  {
    ...seven,
    ...libraries.ai7Compatible,
    connect: (address) => {
      const options = { name: 'aqueduct', supportsStructuredOutputs: true, ...optionsOf(address) }
      return createClient7(createOpenAICompatible(options)(MODEL))
    },
  },
  {
    ...seven,
    ...libraries.ai7Anthropic,
    structuredBy: anthropicWays,
    connect: (address) => createClient7(createAnthropic(optionsOf(address))(MODEL)),
  },
  {
    ...six,
    ...libraries.ai6Responses,
    connect: (address) => createClient6(createOpenAI3(optionsOf(address))(MODEL)),
  },
  {
    ...six,
    ...libraries.ai6Chat,
    connect: (address) => createClient6(createOpenAI3(optionsOf(address)).chat(MODEL)),
  },
  {
    ...six,
    ...libraries.ai6Anthropic,
    structuredBy: anthropicWays,
    connect: (address) => createClient6(createAnthropic3(optionsOf(address))(MODEL)),
  },
])
