/** Bodies of POST /v1/chat/completions, by the types of OpenAI's own library, and what is added to them by clients of others. */
import fc from 'fast-check'
import type OpenAI from 'openai'
import {
  ANCHOR,
  MODEL,
  hasFewDocuments,
  image,
  objectSchema,
  pdf,
  textFile,
  toolInput,
  toolName,
  words,
} from './body-values.ts'

type Body = OpenAI.Chat.ChatCompletionCreateParams
type Message = OpenAI.Chat.ChatCompletionMessageParam
type Part = OpenAI.Chat.ChatCompletionContentPart
type AssistantMessage = OpenAI.Chat.ChatCompletionAssistantMessageParam

const breakpoint = { prompt_cache_breakpoint: fc.constant({ mode: 'explicit' }) }

const text = fc.record(
  { type: fc.constant('text'), text: words, ...breakpoint },
  { requiredKeys: ['type', 'text'] },
)
const texts = fc.oneof(words, fc.array(text, { minLength: 1, maxLength: 2 }))

const imagePart = fc.record({
  type: fc.constant('image_url'),
  image_url: fc.record(
    { url: image.map(({ url }) => url), detail: fc.constantFrom('auto', 'low', 'high') },
    { requiredKeys: ['url'] },
  ),
})

const filePart = fc.record({
  type: fc.constant('file'),
  file: fc.constantFrom(
    { filename: 'a.pdf', file_data: pdf.url },
    { filename: 'a.txt', file_data: textFile },
    { file_data: pdf.url },
  ),
})

const userPart: fc.Arbitrary<Part> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: imagePart },
  filePart,
)

const leading: fc.Arbitrary<Message> = fc.record(
  { role: fc.constantFrom('system', 'developer'), content: texts, name: fc.constant('n') },
  { requiredKeys: ['role', 'content'] },
)

interface Round {
  asked: string | Part[]
  name: string | undefined
  said: AssistantMessage['content']
  extra: Partial<AssistantMessage>
  calls: {
    name: string
    input: Record<string, unknown>
    isCustom: boolean
    result: string | { type: 'text'; text: string }[]
  }[]
}

/** What servers and clients of other services add to what the assistant said. */
interface Thoughts {
  reasoning_content?: string | null
  reasoning?: string | null
  reasoning_details?: { type: string; text: string }[]
}

const extra: fc.Arbitrary<Partial<AssistantMessage> & Thoughts> = fc.record(
  {
    refusal: fc.constantFrom(null, 'I cannot.'),
    name: fc.constant('n'),
    audio: fc.constantFrom(null, { id: 'audio_1' }),
    reasoning_content: fc.option(words),
    reasoning: fc.option(words),
    reasoning_details: words.map((thought) => [{ type: 'reasoning.text', text: thought }]),
  },
  { requiredKeys: [] },
)

const round: fc.Arbitrary<Round> = fc.record({
  asked: fc.oneof(words, fc.array(userPart, { minLength: 1, maxLength: 3 })),
  name: fc.option(fc.constant('n'), { nil: undefined }),
  said: fc.oneof(
    words,
    fc.array(fc.oneof(text, fc.record({ type: fc.constant('refusal'), refusal: words })), {
      minLength: 1,
      maxLength: 2,
    }),
  ),
  extra,
  calls: fc.array(
    fc.record({
      name: toolName,
      input: toolInput,
      isCustom: fc.boolean(),
      result: fc.oneof(words, fc.array(text, { minLength: 1, maxLength: 2 })),
    }),
    { maxLength: 2 },
  ),
})

function messagesOf({ asked, name, said, extra: more, calls }: Round, index: number): Message[] {
  const idOf = (call: number) => `call_${index}_${call}`
  const made = calls.map((call, nth) =>
    call.isCustom
      ? { id: idOf(nth), type: 'custom' as const, custom: { name: call.name, input: 'some text' } }
      : {
          id: idOf(nth),
          type: 'function' as const,
          function: { name: call.name, arguments: JSON.stringify(call.input) },
        },
  )
  const hasCalls = made.length > 0
  return [
    { role: 'user', content: asked, ...(name !== undefined && { name }) },
    {
      role: 'assistant',
      ...(hasCalls ? { content: null, tool_calls: made } : { content: said ?? '' }),
      ...more,
    },
    ...calls.map(({ result }, nth) => ({ role: 'tool' as const, tool_call_id: idOf(nth), content: result })),
  ]
}

/** Of before there were tools. */
const legacyRound: fc.Arbitrary<Message[]> = fc
  .tuple(words, toolName, toolInput, fc.option(words))
  .map(([asked, name, input, content]) => [
    { role: 'user', content: asked },
    { role: 'assistant', content: null, function_call: { name, arguments: JSON.stringify(input) } },
    { role: 'function', name, content },
  ])

const lastMessage = fc.constantFrom<Message[]>(
  { role: 'user', content: ANCHOR },
  { role: 'user', content: [{ type: 'text', text: ANCHOR }] },
)

const messages = fc
  .tuple(
    fc.array(leading, { maxLength: 2 }),
    fc.oneof(
      fc.array(round, { maxLength: 3 }).map((rounds) => rounds.flatMap(messagesOf)),
      legacyRound,
    ),
    lastMessage,
  )
  .map(([first, rounds, last]) => [...first, ...rounds, last])

const functionTool = fc.record({
  type: fc.constant('function'),
  function: fc.record(
    {
      name: toolName,
      description: words,
      parameters: objectSchema,
      strict: fc.constantFrom(true, false, null),
    },
    { requiredKeys: ['name'] },
  ),
})

const customTool = fc.constantFrom<OpenAI.Chat.ChatCompletionCustomTool[]>(
  { type: 'custom', custom: { name: 'run' } },
  { type: 'custom', custom: { name: 'run', description: 'Runs it.', format: { type: 'text' } } },
  {
    type: 'custom',
    custom: {
      name: 'run',
      format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } },
    },
  },
)

const tools: fc.Arbitrary<Partial<Body>> = fc
  .record({
    functions: fc.uniqueArray(functionTool, {
      minLength: 1,
      maxLength: 3,
      selector: ({ function: { name } }) => name,
    }),
    custom: fc.array(customTool, { maxLength: 1 }),
    choice: fc.constantFrom('auto', 'none', 'required', 'one', 'some', undefined),
    parallel: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ functions, custom, choice, parallel }) => {
    const offered = {
      tools: [...functions, ...custom],
      ...(parallel !== undefined && { parallel_tool_calls: parallel }),
    }
    const named = { type: 'function' as const, function: { name: functions[0]?.function.name ?? '' } }
    if (choice === undefined) return offered
    if (choice === 'one') return { ...offered, tool_choice: named }
    if (choice !== 'some') return { ...offered, tool_choice: choice }
    const allowed = { mode: 'required' as const, tools: [named] }
    return { ...offered, tool_choice: { type: 'allowed_tools' as const, allowed_tools: allowed } }
  })

const legacyFunctions: fc.Arbitrary<Partial<Body>> = fc
  .tuple(
    fc.record({ name: toolName, description: words, parameters: objectSchema }, { requiredKeys: ['name'] }),
    fc.constantFrom('auto', 'none', 'one', undefined),
  )
  .map(([declared, choice]) => ({
    functions: [declared],
    ...(choice !== undefined && { function_call: choice === 'one' ? { name: declared.name } : choice }),
  }))

const settings: fc.Arbitrary<Partial<Body>> = fc.record(
  {
    max_tokens: fc.constantFrom(1000, null),
    max_completion_tokens: fc.constantFrom(64_000, null),
    temperature: fc.constantFrom(0, 0.7, 2, null),
    top_p: fc.constantFrom(0, 1, null),
    frequency_penalty: fc.constantFrom(-2, 0, null),
    presence_penalty: fc.constantFrom(2, 0, null),
    seed: fc.constantFrom(7, null),
    n: fc.constantFrom(1, null),
    stop: fc.oneof(words, fc.array(words, { maxLength: 4 }), fc.constant(null)),
    logit_bias: fc.constantFrom({ '50256': -100 }, null),
    logprobs: fc.option(fc.boolean()),
    top_logprobs: fc.constantFrom(0, 5, null),
    user: fc.constant('u'),
    metadata: fc.constantFrom({ a: 'b' }, {}, null),
    store: fc.option(fc.boolean()),
    modalities: fc.constantFrom<('text' | 'audio')[][]>(['text'], []),
    reasoning_effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', null),
    verbosity: fc.constantFrom('low', 'medium', 'high', null),
    service_tier: fc.constantFrom('auto', 'default', 'flex', 'scale', 'priority', null),
    prediction: fc.constantFrom({ type: 'content', content: 'a' }, null),
    prompt_cache_key: fc.constantFrom('k', null),
    prompt_cache_retention: fc.constantFrom('in_memory', '24h', null),
    safety_identifier: fc.constantFrom('s', null),
    web_search_options: fc.constant({ search_context_size: 'low' }),
    stream_options: fc.constantFrom({ include_usage: true }, { include_obfuscation: false }, {}, null),
    response_format: fc.oneof(
      fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
      objectSchema.map((schema) => ({
        type: 'json_schema' as const,
        json_schema: { name: 'answer', schema, strict: true },
      })),
      fc.constant({ type: 'json_schema', json_schema: { name: 'answer' } }),
    ),
  },
  { requiredKeys: [] },
)

export const chatBodies: fc.Arbitrary<Body> = fc
  .record({
    settings,
    messages,
    offer: fc.oneof({ weight: 3, arbitrary: tools }, legacyFunctions, fc.constant({})),
    stream: fc.constantFrom(true, false, null, undefined),
  })
  .map(({ settings: given, messages: said, offer, stream }) => ({
    model: MODEL,
    messages: said,
    ...given,
    ...offer,
    ...(stream === true && { stream: true as const }),
    ...(stream === false && { stream: false as const }),
    ...(stream === null && { stream }),
  }))
  .filter((body) => hasFewDocuments(body, /"type":"file"/g))
