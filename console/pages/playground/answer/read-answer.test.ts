import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dialectNames, dialects, type DialectName } from '../dialects.ts'
import { parseJson, type Json } from '../json.ts'
import { callsOf, hasContent, NO_ANSWER, textOf, type Answer } from './answer.ts'
import { createEventStreamReader } from './event-stream.ts'

const recorded = new URL('../../../../test/fixtures/reply-streams/', import.meta.url)

function textOfFile(dialect: DialectName, name: string): string {
  const text = readFileSync(new URL(`${dialect}/${name}`, recorded), 'utf8')
  return name.endsWith('.sse') ? text.slice(text.indexOf('\n\n') + 2) : text
}

function readStreamed(dialect: DialectName, name: string): Answer {
  const events = createEventStreamReader().push(textOfFile(dialect, `${name}.sse`))
  return events.reduce<Answer>((answer, { data }) => {
    const event = parseJson(data)
    return event === undefined ? answer : dialects[dialect].readEvent(answer, event)
  }, NO_ANSWER)
}

function bodyOf(dialect: DialectName, name: string): { status: number; body: Json } {
  const whole: { status: number; body: Json } = JSON.parse(textOfFile(dialect, `${name}.json`))
  return whole
}

const cases = dialectNames.flatMap((dialect) =>
  readdirSync(new URL(dialect, recorded))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace('.json', ''))
    .filter((name) => bodyOf(dialect, name).status === 200)
    .map((name) => ({ dialect, name })),
)

/** Keys are places, which a whole answer may count otherwise. */
function thoughtsOf({ parts }: Answer) {
  return parts.flatMap((part) => (part.kind === 'thinking' ? [{ text: part.text, proof: part.proof }] : []))
}
/** JSON may be written in several ways. */
function callsIn(answer: Answer) {
  return callsOf(answer).map(({ id, name, input }) => ({ id, name, input: parseJson(input) }))
}

describe('a recorded answer', () => {
  it('is there in all dialects', () => {
    expect(cases.length).toBeGreaterThan(60)
  })

  it.each(cases)('of $dialect says the same streamed and whole: $name', ({ dialect, name }) => {
    const whole = dialects[dialect].readWhole(bodyOf(dialect, name).body)
    const streamed = readStreamed(dialect, name)
    // One dialect has all text of a whole answer in one place.
    expect(textOf(streamed).replaceAll('\n\n', '')).toBe(textOf(whole).replaceAll('\n\n', ''))
    expect(callsIn(streamed)).toEqual(callsIn(whole))
    expect(streamed.stopReason).toBe(whole.stopReason)
    expect(streamed.usage).toEqual(whole.usage)
  })

  const thoughtful = ['thinking', 'interleaved-thinking', 'redacted-thinking']
  it.each(thoughtful)('keeps what proves that it was thought: %s', (name) => {
    const dialect = 'anthropic-messages'
    const thoughts = thoughtsOf(readStreamed(dialect, name))
    expect(thoughts.length).toBeGreaterThan(0)
    expect(thoughts).toEqual(thoughtsOf(dialects[dialect].readWhole(bodyOf(dialect, name).body)))
  })
})

describe('an answer that is recorded', () => {
  it.each(dialectNames)('thinks, then answers: %s', (dialect) => {
    const answer = readStreamed(dialect, 'thinking')
    expect(answer.parts.map(({ kind }) => kind)).toEqual(['thinking', 'text'])
    expect(answer.parts[0]).toMatchObject({ text: 'First, the question. Then the answer.' })
    expect(textOf(answer)).toBe('The answer is 42.')
    expect(answer.usage).toMatchObject({ inputTokens: 1210, outputTokens: 55 })
    expect(hasContent(answer)).toBe(true)
  })

  it.each(dialectNames)('calls two tools at once: %s', (dialect) => {
    const calls = callsOf(readStreamed(dialect, 'two-tools'))
    expect(calls.map(({ name, input }) => [name, parseJson(input)])).toEqual([
      ['ls', { path: 'a' }],
      ['ls', { path: 'b' }],
    ])
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
  })

  it.each(dialectNames)('breaks off, and says why: %s', (dialect) => {
    const answer = readStreamed(dialect, 'exception-mid-stream')
    expect(textOf(answer)).toBe('This answer will ')
    expect(answer.error).toMatch(/no capacity/)
  })
})

describe('an event of unknown shape', () => {
  const odd: Json[] = [
    null,
    1,
    'x',
    [],
    {},
    { type: 1 },
    { choices: 3 },
    { choices: [{ delta: [] }] },
    { error: null },
  ]
  it.each(dialectNames)('changes nothing: %s', (dialect) => {
    const { readEvent } = dialects[dialect]
    for (const event of odd) expect(readEvent(NO_ANSWER, event).parts).toEqual([])
  })
})
