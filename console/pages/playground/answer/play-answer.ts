/** Asks for one answer and follows it to its end, whatever that is. */
import { dialects } from '../dialects.ts'
import { parseJson, textAt, type Json } from '../json.ts'
import type { WrittenRequest } from '../request/write-request.ts'
import { factsOf, headFacts, type AnswerFacts } from './answer-facts.ts'
import { hasContent, NO_ANSWER, type Answer } from './answer.ts'
import { createEventStreamReader } from './event-stream.ts'
import type { RawEvent } from './raw-log.ts'

export interface Progress {
  answer: Answer
  facts: AnswerFacts
}

interface PlayParts {
  request: WrittenRequest
  signal: AbortSignal
  send: (body: string, signal: AbortSignal) => Promise<Response>
  /** Milliseconds of any beginning. */
  now: () => number
  /** Told often; the last time is the end. */
  onProgress: (progress: Progress, events: readonly RawEvent[]) => void
}

/** Never rejects: what goes wrong is told as the end of the answer. */
export async function playAnswer({ request, signal, send, now, onProgress }: PlayParts): Promise<Progress> {
  const startedAt = now()
  const { dialect, body } = request
  let answer = NO_ANSWER
  let facts = factsOf(textAt(body, 'model') ?? '')

  function take(next: Answer, events: readonly RawEvent[]): void {
    answer = next
    if (facts.firstTokenMs === undefined && hasContent(answer)) {
      facts = { ...facts, firstTokenMs: now() - startedAt }
    }
    onProgress({ answer, facts }, events)
  }
  function takeWhole(text: string, isOk: boolean): void {
    const read = parseJson(text) ?? null
    const next = isOk ? dialects[dialect].readWhole(read) : { ...NO_ANSWER, error: errorIn(read, facts) }
    take(next, [{ atMs: now() - startedAt, name: '', data: text }])
  }
  async function takeStream(stream: ReadableStream<Uint8Array>): Promise<void> {
    const events = createEventStreamReader()
    const decoder = new TextDecoder()
    const reader = stream.getReader()
    // Safari cannot walk a stream with `for await`.
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const read = events.push(decoder.decode(value, { stream: true }))
      const atMs = now() - startedAt
      const next = read.reduce<Answer>((before, { data }) => {
        const event = parseJson(data)
        return event === undefined ? before : dialects[dialect].readEvent(before, event)
      }, answer)
      if (read.length > 0)
        take(
          next,
          read.map((event) => ({ ...event, atMs })),
        )
    }
  }

  try {
    const response = await send(JSON.stringify(body), signal)
    facts = { ...facts, ...headFacts(response) }
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    if (isStream && response.body !== null) await takeStream(response.body)
    else takeWhole(await response.text(), response.ok)
    facts = { ...facts, end: endOf(answer) }
  } catch (error) {
    facts = { ...facts, end: signal.aborted ? 'stopped' : facts.status === undefined ? 'failed' : 'cut-off' }
    if (error instanceof RangeError) answer = { ...answer, error: error.message }
  }
  facts = { ...facts, totalMs: now() - startedAt }
  onProgress({ answer, facts }, [])
  return { answer, facts }
}

function endOf({ error, stopReason }: Answer): AnswerFacts['end'] {
  if (error !== undefined) return 'failed'
  return stopReason === undefined ? 'cut-off' : 'whole'
}

function errorIn(body: Json, { status }: AnswerFacts): string {
  return textAt(body, 'error', 'message') ?? `HTTP ${status}`
}
