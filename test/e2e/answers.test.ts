/** What a client gets for everything that the service is known to send: each API, streamed and not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { brokenStreams } from '../../simulator/replies/broken-streams.ts'
import { text, toolUse, trailer } from '../../simulator/replies/events.ts'
import { event, type Step } from '../../simulator/replies/steps.ts'
import type { FailureKind } from '../../src/conversation/failures.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { ANTHROPIC, OPENAI, errorOf, forms, questionFor, readAnswer } from '../read-answer.ts'

let gateway: GatewayUnderTest
beforeAll(async () => {
  // So many failures in a row would be an outage, and not all would be tried again.
  const environment = { IDLE_TIMEOUT_SECONDS: '0.2', RETRY_BUDGET_PER_SECOND: '1000' }
  gateway = await startGatewayUnderTest({ environment })
})
afterAll(() => gateway.close())
beforeEach(async () => {
  gateway.simulator.clearPlans()
  gateway.simulator.journal.clear()
  await gateway.resetAccount()
})

const attempts = () => gateway.simulator.journal.of('GenerateAssistantResponse').length

async function ask({ path, stream }: { path: string; stream: boolean }) {
  const answer = await gateway.postJson(path, questionFor(path, stream))
  return { answer, read: await readAnswer(answer) }
}

const planNamed = (name: string, times?: number) =>
  gateway.simulator.plan({ behaviour: { kind: 'named', name }, ...(times !== undefined && { times }) })

type Stop = 'end' | 'tool' | 'length' | 'refusal'
const stops: Record<Stop, Record<string, string>> = {
  end: { [OPENAI]: 'stop', [ANTHROPIC]: 'end_turn' },
  tool: { [OPENAI]: 'tool_calls', [ANTHROPIC]: 'tool_use' },
  length: { [OPENAI]: 'length', [ANTHROPIC]: 'max_tokens' },
  refusal: { [OPENAI]: 'content_filter', [ANTHROPIC]: 'refusal' },
}

const sound: [name: string, said: string, inputs: string[], stop: Stop][] = [
  ['legacy-text', 'Hello', [], 'end'],
  ['thinking', 'The answer is 42.', [], 'end'],
  ['redacted-thinking', 'Done.', [], 'end'],
  ['one-tool', "I'll look.", ['.'], 'tool'],
  ['two-tools', '', ['a', 'b'], 'tool'],
  ['two-tools-interleaved', '', ['a', 'b'], 'tool'],
  ['empty-tool-input', '', [''], 'tool'],
  ['no-tool-input', '', [''], 'tool'],
  ['object-input', '', ['.'], 'tool'],
  ['single-tool-event', '', ['.'], 'tool'],
  ['text-after-tool', 'Before.After.', ['.'], 'tool'],
  ['gpt', 'Let me look.', ['.'], 'tool'],
  ['thinking-tag', '<thinking>plan</thinking>\n\nAnswer', [], 'end'],
  ['content-less', 'ok', [], 'end'],
  ['max-tokens', 'This answer stops in the mid', [], 'length'],
  ['refusal', '', [], 'refusal'],
  ['multibyte', 'Grüße, 世界! 👋🏽 — naïve café', [], 'end'],
  ['unknown-event', 'Known. Again.', [], 'end'],
  ['every-header-type', 'All headers.', [], 'end'],
]

describe.each(forms)('an answer at $path (stream: $stream)', ({ path, stream }) => {
  it.each(sound)('is whole for %s', async (name, expected, paths, stop) => {
    planNamed(name)
    const { read } = await ask({ path, stream })
    const inputs = read.calls.map((call): unknown => JSON.parse(call.replace(/^ls /, '')))
    expect({ ...read, calls: [] }).toEqual({
      status: 200,
      text: expected,
      thinking: '',
      calls: [],
      stop: stops[stop][path],
      error: undefined,
    })
    expect(inputs).toEqual(paths.map((each) => (each === '' ? {} : { path: each })))
    expect(attempts()).toBe(1)
  })

  it.each(failing)('tells that it failed for %s', async (name, kind, { before, repeated = false }) => {
    planNamed(name)
    const { read } = await ask({ path, stream })
    const { status, type, code } = errorOf(path, kind)
    // What was said before the failure has left, and is not said again.
    const hasLeft = stream && before !== undefined
    expect({ ...read, error: { ...read.error, message: '' } }).toEqual({
      status: hasLeft ? 200 : status,
      text: hasLeft ? before.text : '',
      thinking: '',
      calls: hasLeft ? before.calls : [],
      stop: undefined,
      error: { type, code, message: '' },
    })
    expect(read.error?.message).toMatch(/\w/)
    expect(attempts()).toBe(repeated && !hasLeft ? 2 : 1)
  })
})

interface Expected {
  /** What came before it broke; absent: nothing. */
  before?: { text: string; calls: string[] }
  /** Where nothing has left, it is tried once more on the same account. */
  repeated?: boolean
}

function said(content: string, ...calls: string[]) {
  return { before: { text: content, calls } }
}

const failing: [name: string, kind: FailureKind, expected: Expected][] = [
  ['empty', 'empty-reply', { repeated: true }],
  ['trailer-only', 'empty-reply', { repeated: true }],
  ['truncated-tool', 'interrupted', { ...said('', 'ls {"path": "/ho'), repeated: true }],
  ['bad-tool-json', 'interrupted', { ...said('', 'ls {"path": '), repeated: true }],
  ['exception-first', 'capacity', {}],
  ['exception-mid-stream', 'capacity', said('This answer will ')],
  ['modelled-exception', 'capacity', {}],
  ['content-length-exception', 'context-too-long', said('So far ')],
  ['invalid-state', 'upstream-unavailable', {}],
  ['unmodelled-error', 'upstream-unavailable', said('Then ')],
  ['mid-frame-end', 'interrupted', { ...said('This is '), repeated: true }],
  ['mid-frame-cut', 'interrupted', { ...said('This is '), repeated: true }],
  ['connection-cut', 'interrupted', { ...said('This is '), repeated: true }],
  ['connection-reset', 'interrupted', { ...said('This is '), repeated: true }],
  ['bad-prelude-crc', 'interrupted', { ...said('Good. '), repeated: true }],
  ['bad-message-crc', 'interrupted', { ...said('Good. '), repeated: true }],
  ['unknown-header-type', 'interrupted', { ...said('Good. '), repeated: true }],
  ['oversized-frame', 'interrupted', { ...said('Small. '), repeated: true }],
  ['undersized-frame', 'interrupted', { repeated: true }],
  ['bad-payload-json', 'interrupted', { repeated: true }],
  ['stall', 'upstream-timeout', said('And now ')],
]

/** They only wait; how long a client is kept waiting is tested with a clock that stands still. */
const waiting = ['stall-at-start', 'delayed-first-byte']

it.each(forms)(
  'an answer with nothing in it is never a success, in 100 of 100 at $path (stream: $stream)',
  async (form) => {
    planNamed('empty')
    const statuses: number[] = []
    for (let request = 0; request < 100; request += 1) statuses.push((await ask(form)).read.status)
    expect(new Set(statuses)).toEqual(new Set([502]))
    expect(attempts()).toBe(200)
  },
)

it('every broken stream of the simulator is in these tables', () => {
  const known = [...sound.map(([name]) => name), ...failing.map(([name]) => name), ...waiting]
  expect(Object.keys(brokenStreams).filter((name) => !known.includes(name))).toEqual([])
})

describe.each(forms)('what is done about a failure at $path (stream: $stream)', (form) => {
  it.each([
    ['connection-reset', 'repeat', false],
    ['empty', 'repeat', true],
    ['undersized-frame', 'repeat', true],
    ['truncated-tool', 'repeat', false],
    ['invalid-bearer', 'refresh', true],
  ])('(%s) is told by a header, where nothing had left', async (name, remedy, isSilent) => {
    planNamed(name, 1)
    const { answer, read } = await ask(form)
    const hasFailed = form.stream && !isSilent
    expect(read.error === undefined).toBe(!hasFailed)
    expect(answer.headers.get('x-aqueduct-repaired')).toBe(hasFailed ? null : remedy)
  })

  it('is in the log by kind, remedy and attempt, and nothing of the content', async () => {
    planNamed('empty', 1)
    gateway.log.length = 0
    const { read } = await ask(form)
    const lines = gateway.log.map((line): Record<string, unknown> => JSON.parse(line))
    expect(lines.find(({ msg }) => msg === 'remedy')).toMatchObject({
      level: 30,
      failure: 'empty-reply',
      remedy: 'repeat',
      attempt: 1,
      accountId: gateway.accountId,
    })
    const { path, stream } = form
    expect(await lineOfRequest(path)).toMatchObject({
      path,
      stream,
      status: 200,
      remedies: 1,
      repairs: ['repeat'],
      stopReason: 'end-turn',
      usage: { source: 'upstream', inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
    })
    expect(gateway.log.join('')).not.toContain(read.text)
  })
})

/** It is written when the last byte has left. */
async function lineOfRequest(path: string): Promise<unknown> {
  for (;;) {
    const lines = gateway.log.map((line): Record<string, unknown> => JSON.parse(line))
    const line = lines.find((each) => each['msg'] === 'request' && each['path'] === path)
    if (line !== undefined) return line
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const half = (input: string) => toolUse('tooluse_2', 'ls', [input]).slice(0, -1)
const plan = (...steps: Step[]) => gateway.simulator.plan({ behaviour: { kind: 'steps', steps } })

describe.each([OPENAI, ANTHROPIC])('an answer at %s that stops inside a tool call', (path) => {
  it('goes out without it after one more attempt, when it is not streamed', async () => {
    plan(text('I look.'), ...half('{"path": "/ho'))
    const { answer, read } = await ask({ path, stream: false })
    expect(read).toMatchObject({ status: 200, text: 'I look.', calls: [], stop: stops.length[path] })
    expect(attempts()).toBe(2)
    expect(answer.headers.get('x-aqueduct-repaired')).toBe('repeat, without-cut-call')
    expect(answer.headers.get('x-aqueduct-usage')).toBe('estimated')
  })

  it('keeps the calls before it, which the client is to answer', async () => {
    plan(...toolUse('tooluse_1', 'ls', ['{"path":"a"}']), ...half('{"path": "/ho'))
    const { read } = await ask({ path, stream: false })
    expect(read).toMatchObject({ status: 200, calls: ['ls {"path":"a"}'], stop: stops.tool[path] })
  })

  it('costs the account nothing: models stop there by a limit of their own', async () => {
    plan(text('I look.'), ...half('{"path": "/ho'))
    await ask({ path, stream: false })
    const account: unknown = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    expect(account).toMatchObject({ enabled: true, error_count: 0 })
  })

  it('ends in an error when it is streamed, behind all that was said', async () => {
    plan(text('I look.'), ...half('{"path": "/ho'))
    const { read } = await ask({ path, stream: true })
    expect(read).toMatchObject({ text: 'I look.', calls: ['ls {"path": "/ho'], stop: undefined })
    expect(read.error?.type).toBe(errorOf(path, 'interrupted').type)
  })
})

describe.each([OPENAI, ANTHROPIC])('the numbers of an answer at %s', (path) => {
  const told = event('metadataEvent', {
    tokenUsage: {
      uncachedInputTokens: 10,
      cacheReadInputTokens: 3,
      cacheWriteInputTokens: 1200,
      outputTokens: 55,
      totalTokens: 1268,
    },
  })

  it.each([
    ['upstream', '0.03', [text('a'), told, ...trailer()]],
    ['context-percent', '0.03', [text('a'), ...trailer(50)]],
    ['estimated', null, [text('a')]],
  ])('are labelled %s by where they come from', async (source, credits, steps) => {
    gateway.simulator.plan({ behaviour: { kind: 'steps', steps } })
    const { answer } = await ask({ path, stream: false })
    expect(answer.headers.get('x-aqueduct-usage')).toBe(source)
    expect(answer.headers.get('x-aqueduct-credits')).toBe(credits)
  })

  it('stand where clients look for them in a stream, the true ones last', async () => {
    gateway.simulator.plan({ behaviour: { kind: 'steps', steps: [text('a'), told] } })
    const question = { ...questionFor(path, true), stream_options: { include_usage: true } }
    const stream = await (await gateway.postJson(path, question)).text()
    const usages = stream
      .split('\n')
      .flatMap((line): Record<string, unknown>[] =>
        line.startsWith('data: {') ? [JSON.parse(line.slice(6))] : [],
      )
      .map(({ usage, message }) => usage ?? (isRecord(message) ? message['usage'] : undefined))
      .filter((usage) => usage != null)
    const final =
      path === ANTHROPIC
        ? {
            input_tokens: 10,
            cache_read_input_tokens: 3,
            cache_creation_input_tokens: 1200,
            output_tokens: 55,
          }
        : { prompt_tokens: 1213, completion_tokens: 55, total_tokens: 1268 }
    expect(usages.at(-1)).toMatchObject(final)
    // LangChain adds the output of Anthropic's first to that of its last.
    expect(usages.slice(0, -1)).toMatchObject(path === ANTHROPIC ? [{ output_tokens: 0 }] : [])
  })
})

it('OpenAI clients that do not ask for usage get no chunk of it', async () => {
  const { answer } = await askRaw(questionFor(OPENAI, true))
  expect(answer).not.toContain('"usage"')
})

async function askRaw(question: unknown) {
  return { answer: await (await gateway.postJson(OPENAI, question)).text() }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
