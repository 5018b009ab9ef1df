/** The tests that every library has to pass, over sockets, with the gateway as it is and a strict simulator behind it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { event, type Step } from '../../simulator/replies/steps.ts'
import { KEY, openConformanceLab, says, type ConformanceLab } from '../conformance/lab.ts'
import { images } from '../sample-images.ts'
import type { Client, Failure, Library, Question } from './library.ts'

const TEXT = 'Grüße, 世界! 👋🏽 a < b == c == d'
const QUESTION = 'What is the weather?'
const NO_IMAGE = Buffer.from('BM bitmap').toString('base64')

const calls = (id: string, name: string, input: object): Step[] => [
  event('toolUseEvent', { toolUseId: id, name, input: JSON.stringify(input) }),
  event('toolUseEvent', { toolUseId: id, name, stop: true }),
]
const asksForWeather = (...cities: string[]) =>
  cities.flatMap((city, index) => calls(`tooluse_${index}`, 'get_weather', { city }))
const tellWeather = (city: string) => `rain in ${city}`

/** One gateway for all of them; its account answers one request at a time. */
export function proveAbilities(libraries: readonly Library[]): void {
  let lab: ConformanceLab
  beforeAll(async () => {
    lab = await openConformanceLab({ ACCOUNT_CONCURRENCY_LIMIT: '1' })
  })
  afterAll(() => lab.close())
  beforeEach(() => lab.reset())
  afterEach(() => lab.gateway.assertNoViolation())

  describe.each(libraries)('$name, $api', (library) => {
    const { failures } = library
    let client: Client
    beforeAll(() => {
      client = library.connect({ url: lab.gateway.url, key: KEY })
    })
    const put = (question: Question, streaming: boolean) =>
      streaming ? client.stream(question, () => {}) : client.ask(question)

    it('text: it is given whole', async () => {
      expect(await client.ask({ text: `[[sim:text:${TEXT}]]` })).toBe(TEXT)
    })

    it.each(['1', 'frame'])('stream: its pieces are the text, however bytes were cut: %s', async (slice) => {
      const pieces: string[] = []
      const text = `[[sim:multibyte]] [[sim:slice:${slice}]]`
      const whole = await client.stream({ text }, (piece) => void pieces.push(piece))
      expect(pieces.length).toBeGreaterThan(1)
      expect([whole, pieces.join('')]).toEqual(Array(2).fill('Grüße, 世界! 👋🏽 — naïve café'))
    })

    it.each([false, true])('tools: the call, its result, the answer (streaming: %s)', async (streaming) => {
      lab.plan(asksForWeather('Oslo'))
      const text = await client.useTool(QUESTION, { execute: tellWeather, streaming })
      expect(text).toContain('The tool answered: rain in Oslo')
    })

    it.each([false, true])('parallel tools: both calls, both results (streaming: %s)', async (streaming) => {
      lab.plan(asksForWeather('Oslo', 'Rome'))
      const text = await client.useTool(QUESTION, { execute: tellWeather, streaming })
      expect(text).toContain('The tool answered: rain in Oslo; rain in Rome')
      expect(lab.sent().assistants.at(-1)?.toolUses).toHaveLength(2)
    })

    it.each(library.structuredBy)('structured output: a value of the schema, by %s', async (by) => {
      lab.plan(
        by === 'schema'
          ? says('```json\n{"city":', '"Oslo"}\n```')
          : calls('tooluse_1', by, { city: 'Oslo' }),
      )
      expect(await client.readPlace('Where?', by)).toEqual({ city: 'Oslo' })
    })

    it.each([false, true])('images: the model is shown them (streaming: %s)', async (streaming) => {
      expect(await put({ text: 'What is this?', png: images.png }, streaming)).toContain('What is this?')
      expect(lab.sent().users.at(-1)?.images).toEqual([{ format: 'png', source: { bytes: images.png } }])
    })

    it.each([false, true])('bad request: what is wrong is told (streaming: %s)', async (streaming) => {
      const error = await failureOf(
        put({ text: 'What is this?', png: NO_IMAGE }, streaming),
        failures.badRequest,
      )
      const message = expect.stringContaining('Input should be an image')
      expect(error).toMatchObject({ ...failures.badRequest.has, message })
    })

    it.each([false, true])('wrong key: it is no other failure (streaming: %s)', async (streaming) => {
      const stranger = library.connect({ url: lab.gateway.url, key: 'sk-nobody' })
      const question = { text: 'Say heron.' }
      const asked = streaming ? stranger.stream(question, () => {}) : stranger.ask(question)
      expect(await failureOf(asked, failures.wrongKey)).toMatchObject(failures.wrongKey.has)
    })

    it.each([false, true])('rate limit: it may be tried again (streaming: %s)', async (streaming) => {
      const error = await failureOf(put({ text: '[[sim:throttled]]' }, streaming), failures.throttled)
      expect(error).toMatchObject(failures.throttled.has)
    })

    it.each([false, true])(
      'overflow: too long a prompt is told as such (streaming: %s)',
      async (streaming) => {
        const error = await failureOf(put({ text: '[[sim:input-too-long]]' }, streaming), failures.overflow)
        expect(error).toMatchObject(failures.overflow.has)
      },
    )

    it.each(['exception-mid-stream', 'connection-reset', 'truncated-tool'])(
      'broken stream: it is never taken for an answer: %s',
      async (name) => {
        const asked = put({ text: `[[sim:${name}]]` }, true)
        const message = expect.stringContaining('Send the request again')
        expect(await failureOf(asked, failures.brokenStream)).toMatchObject({
          ...failures.brokenStream.has,
          message,
        })
      },
    )

    it.each([
      ['the first piece', true, 'stall'],
      ['a stream', true, 'stall-at-start'],
      ['a whole answer', false, 'stall-at-start'],
    ])('abort: the service is left and the account free, after %s', async (_, streaming, name) => {
      const leaving = new AbortController()
      const question = { text: `[[sim:${name}]]`, signal: leaving.signal }
      const asked = streaming ? client.stream(question, () => leaving.abort()) : client.ask(question)
      const error = failureOf(asked, failures.aborted)
      const { journal } = lab.gateway.simulator
      await journal.waitFor(({ operation }) => operation === 'GenerateAssistantResponse')
      if (name === 'stall-at-start') leaving.abort()
      expect(await error).toMatchObject(failures.aborted.has)
      await journal.waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
      expect(await client.ask({ text: 'Say heron.' })).toContain('heron')
    })
  })
}

/** Throws where it is no failure, or none of this kind. */
async function failureOf(asked: Promise<unknown>, { is }: Failure): Promise<unknown> {
  const end = await asked.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in end)) throw new Error(`It took this for an answer: ${JSON.stringify(end.answer)}`)
  if (!is(end.error)) throw new Error('It failed by another kind of error.', { cause: end.error })
  return end.error
}
