/** What our decoder reads from an answer is what the service's own client reads from the same bytes. */
import type { ChatResponseStream } from '@aws/codewhisperer-streaming-client'
import { describe, expect, it } from 'vitest'
import type { Reply } from '../../src/conversation/reply.ts'
import { readOfficially } from './official-reader.ts'
import { bytesOf, collect, sequenceNames } from './recorded-answers.ts'

/** Both readings in one form. */
interface Reading {
  text: string
  thought: string
  signatures: string[]
  redacted: string[]
  calls: { id: string; name: string; input: unknown }[]
  credits: number | undefined
  /** Undefined when the service did not tell. */
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number } | undefined
}

function readingOf({ parts, usage }: Reply): Reading {
  const of = <Kind extends Reply['parts'][number]['kind']>(kind: Kind) =>
    parts.flatMap((part) => (isKind(part, kind) ? [part] : []))
  const { inputTokens: input, outputTokens: output, cacheReadTokens, cacheWriteTokens } = usage
  return {
    text: of('text')
      .map((part) => part.text)
      .join(''),
    thought: of('thinking')
      .map((part) => part.text)
      .join(''),
    signatures: of('thinking').flatMap(({ signature }) => signature ?? []),
    redacted: of('redacted-thinking').map(({ data }) => data),
    calls: of('tool-use').map(({ id, name, input: given }) => ({ id, name, input: given })),
    credits: usage.credits,
    tokens:
      usage.source === 'upstream'
        ? { input, output, cacheRead: cacheReadTokens, cacheWrite: cacheWriteTokens }
        : undefined,
  }
}

type Part = Reply['parts'][number]
function isKind<Kind extends Part['kind']>(part: Part, kind: Kind): part is Extract<Part, { kind: Kind }> {
  return part.kind === kind
}

/** As a client of the service puts its events together: the text before a code reference is said twice (protocol 4.5). */
function readingOfOfficial(events: readonly ChatResponseStream[]): Reading {
  const said = events.filter(
    (_, index) => events[index + 1]?.codeReferenceEvent === undefined || !isRepeat(events, index),
  )
  const thoughts = events.flatMap(({ reasoningContentEvent: event }) => event ?? [])
  const usage = events.findLast(({ metadataEvent }) => metadataEvent?.tokenUsage)?.metadataEvent?.tokenUsage
  return {
    text: said.map(({ assistantResponseEvent: event }) => event?.content ?? '').join(''),
    thought: thoughts.map(({ text }) => text ?? '').join(''),
    signatures: thoughts.flatMap(({ signature }) => signature ?? []),
    redacted: thoughts.flatMap(({ redactedContent: bytes }) =>
      bytes === undefined ? [] : [Buffer.from(bytes).toString('base64')],
    ),
    calls: callsOf(events),
    credits: events.findLast(({ meteringEvent }) => meteringEvent)?.meteringEvent?.usage,
    tokens: usage && {
      input: usage.uncachedInputTokens ?? 0,
      output: usage.outputTokens ?? 0,
      cacheRead: usage.cacheReadInputTokens ?? 0,
      cacheWrite: usage.cacheWriteInputTokens ?? 0,
    },
  }
}

function isRepeat(events: readonly ChatResponseStream[], index: number): boolean {
  const text = events[index]?.assistantResponseEvent?.content
  return text !== undefined && text === events[index - 1]?.assistantResponseEvent?.content
}

function callsOf(events: readonly ChatResponseStream[]): Reading['calls'] {
  const calls = new Map<string, { id: string; name: string; input: unknown; stopped: boolean }>()
  for (const { toolUseEvent: event } of events) {
    if (event?.toolUseId === undefined) continue
    const { toolUseId: id, name = '', input, stop = false } = event
    const call = calls.get(id) ?? { id, name, input: '', stopped: false }
    calls.set(id, call)
    if (call.stopped) continue
    // Off the model's type, which says text, an object comes through as one.
    const given: unknown = input
    call.input = typeof given === 'object' ? given : `${String(call.input)}${input ?? ''}`
    call.stopped = stop
  }
  return [...calls.values()].map(({ id, name, input }) => ({
    id,
    name,
    input: typeof input === 'string' ? JSON.parse(input === '' ? '{}' : input) : input,
  }))
}

/** The words and numbers of all that is cited; the place of code and of search results has no room in an answer. */
function citedOfficially(events: readonly ChatResponseStream[]): string[] {
  return events.flatMap((event) => {
    const references = event.codeReferenceEvent?.references ?? []
    return [
      ...references.flatMap(({ licenseName, repository, url }) => leavesOf([licenseName, repository, url])),
      ...leavesOf(event.supplementaryWebLinksEvent),
      ...leavesOf(event.citationEvent),
      ...(event.documentCitationEvent?.location?.searchResult === undefined
        ? leavesOf(event.documentCitationEvent)
        : leavesOf(event.documentCitationEvent.title)),
    ]
  })
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [value.toString()]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : []
}

const readings = sequenceNames.map((name) => ({ name, ours: collect(name) }))
const complete = readings.flatMap(({ name, ours: { reply, error } }) =>
  reply === undefined || error !== undefined ? [] : [{ name, reply }],
)

describe('our decoder and the official client', () => {
  it.each(complete.filter(({ name }) => !name.includes('thinking-tag')))(
    'read the same: $name',
    async ({ name, reply }) => {
      const { events, error } = await readOfficially(bytesOf(name))
      expect(error).toBeUndefined()
      expect(readingOf(reply)).toEqual(readingOfOfficial(events))
    },
  )

  it.each(complete)('cite the same: $name', async ({ name, reply }) => {
    const { events } = await readOfficially(bytesOf(name))
    const cited = reply.parts.flatMap((part) => (part.kind === 'text' ? (part.citations ?? []) : []))
    const ours = leavesOf([...cited, ...(reply.citations ?? [])]).join('\n')
    const theirs = citedOfficially(events)
    expect(theirs.filter((words) => !ours.includes(words))).toEqual([])
    expect(ours === '').toBe(theirs.length === 0)
  })

  it.each(readings)('fail together, at the latest: $name', async ({ name, ours }) => {
    const { error } = await readOfficially(bytesOf(name))
    expect(error === undefined || ours.error !== undefined).toBe(true)
  })

  it('are fed with whole answers and with broken ones', () => {
    expect(complete.length).toBeGreaterThan(25)
    expect(readings.length - complete.length).toBeGreaterThan(5)
  })
})
