/** The clients: what each of them does next is left to chance, which can be repeated. */
import { inspect } from 'node:util'
import { z } from 'zod'
import type { Random } from '../../hostile/random.ts'
import type { Exchange } from './exchange.ts'
import type { Faults } from './faults.ts'
import { createQuestions } from './questions.ts'
import { apis, bodyFor } from './request-body.ts'
import { addTo, noteWrong, type Tally } from './tally.ts'

interface ClientParts {
  url: string
  keys: readonly [string, ...string[]]
  chance: Random
  faults: Pick<Faults, 'befall'>
  exchange: Exchange
  tally: Tally
}

const MODEL = 'claude-sonnet-4.5'
const LONGEST_STAY_MS = 1800
const SHORTEST_STAY_MS = 40
/** A text that cannot be counted in time is estimated. */
const ESTIMATE_SHARE = 0.03
/** Of the number that makes a text new. */
const NUMBER_TOKENS = 8
const plainWords = 'one two three four five six seven eight nine ten '

const kept = z.looseObject({
  output: z.array(z.looseObject({ content: z.array(z.looseObject({ text: z.string() })).optional() })),
})
const counted = z.looseObject({ input_tokens: z.int().min(1) })

export function createClients({ url, keys, chance, faults, exchange, tally }: ClientParts) {
  const questions = createQuestions(chance)
  /** By the words of a text: the first one says what all later ones have to say. */
  const tokenCounts = new Map<string, number>()

  async function ask(): Promise<void> {
    const { kind, api, conversation, wanted } = questions.next()
    addTo(tally.byKind, kind)
    await faults.befall()
    await exchange.ask(
      { api, body: JSON.stringify(bodyFor(api, conversation)), key: chance.pick(keys) },
      wanted,
    )
  }

  async function leave(): Promise<void> {
    addTo(tally.byKind, 'left in the middle')
    await faults.befall()
    const { api, conversation, wanted } = questions.toLeave()
    const leaving = new AbortController()
    const stayMs = SHORTEST_STAY_MS + chance.below(LONGEST_STAY_MS - SHORTEST_STAY_MS)
    const timer = setTimeout(() => leaving.abort(), stayMs)
    const body = JSON.stringify(bodyFor(api, conversation))
    await exchange.ask({ api, body, key: chance.pick(keys), signal: leaving.signal }, wanted)
    clearTimeout(timer)
  }

  /** An answer that is kept, gone on from, read again, and perhaps deleted. */
  async function keep(): Promise<void> {
    const key = chance.pick(keys)
    const headers = { authorization: `Bearer ${key}` }
    let before: string | undefined
    for (let round = 0; round < 2; round += 1) {
      addTo(tally.byKind, 'kept answer')
      await faults.befall()
      const { prompt, quoted } = questions.say()
      const body = { model: MODEL, input: prompt, stream: round === 1, previous_response_id: before }
      const wanted = { text: quoted, calls: [], hasThought: false }
      const heard = await exchange.ask({ api: 'responses', body: JSON.stringify(body), key }, wanted)
      if (heard?.id === undefined) return
      before = heard.id
      const answer = await fetch(`${url}/v1/responses/${before}`, { headers })
      const read = kept.safeParse(await answer.json()).data
      const text = read?.output.flatMap(({ content = [] }) => content.map((part) => part.text)).join('')
      if (text !== quoted) noteWrong(tally, `a kept answer reads ${answer.status} ${text}`)
    }
    if (chance.below(4) > 0) return
    const answer = await fetch(`${url}/v1/responses/${before}`, { method: 'DELETE', headers })
    await answer.arrayBuffer()
    if (answer.status !== 200) noteWrong(tally, `a kept answer was deleted with ${answer.status}`)
  }

  async function countTokens(): Promise<void> {
    addTo(tally.byKind, 'token count')
    const words = plainWords.repeat(1 + 40 * chance.below(12))
    // Every other text was never counted before.
    const text = chance.below(2) === 0 ? words : `${chance.below(1e9)} ${words}`
    const [path, body] = chance.pick([
      ['/v1/messages/count_tokens', { model: MODEL, messages: [{ role: 'user', content: text }] }],
      ['/v1/responses/input_tokens', { model: MODEL, input: text }],
    ])
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${chance.pick(keys)}` },
      body: JSON.stringify(body),
    })
    const count = counted.safeParse(await answer.json()).data?.input_tokens ?? 0
    const first = tokenCounts.get(words) ?? count
    tokenCounts.set(words, first)
    if (answer.status !== 200 || Math.abs(count - first) > NUMBER_TOKENS + first * ESTIMATE_SHARE)
      noteWrong(tally, `${path}: ${answer.status}, ${count} tokens, and ${first} before`)
  }

  async function blunder(): Promise<void> {
    addTo(tally.byKind, 'mistake of the client')
    const api = chance.pick(apis)
    const { conversation } = questions.next()
    const body = JSON.stringify(bodyFor(api, { ...conversation, model: MODEL }))
    const key = chance.pick(keys)
    const [sending, refusal] = chance.pick([
      [{ api, body, key: 'sk-not-a-key-of-this-gateway' }, 401],
      [{ api, body: JSON.stringify(bodyFor(api, { ...conversation, model: 'no-such-model' })), key }, 404],
      [{ api, body: body.slice(0, -2), key }, 400],
    ])
    await exchange.ask(sending, { refusal })
  }

  /** Of a hundred deeds, how many of each kind. */
  const deeds: readonly { share: number; act: () => Promise<void> }[] = [
    { share: 6, act: leave },
    { share: 4, act: keep },
    { share: 4, act: countTokens },
    { share: 3, act: blunder },
  ]

  return {
    /** One client does one thing, and looks at what comes of it. What is not as it should be is in the tally. */
    async act(): Promise<void> {
      let lot = chance.below(100)
      const act = deeds.find(({ share }) => (lot -= share) < 0)?.act ?? ask
      try {
        await act()
      } catch (error) {
        noteWrong(tally, `a client failed: ${inspect(error)}`)
      }
    },
  }
}
