/** What an answer of a model API says, whole or as a stream. Pure. */
import type { Setup } from '../../api/types.ts'

export interface ReadAnswer {
  words: string
  /** Whether it came to its end. */
  isWhole: boolean
  /** What went wrong on the way, in the gateway's words. */
  problem: string | undefined
}

const MOST_CHARACTERS = 160

export function readAnswer({ api }: Pick<Setup, 'api'>, isStream: boolean, body: string): ReadAnswer {
  if (!isStream) {
    const answer = parse(body)
    return { words: shorten(wordsOf(answer)), isWhole: answer !== undefined, problem: messageOf(answer) }
  }
  const data = body.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []))
  const events = data.map(parse)
  return {
    words: shorten(events.map(deltaOf).join('')),
    isWhole: data.includes('[DONE]') || events.some((event) => endings[api].includes(textAt(event, 'type'))),
    problem: events.map(messageOf).find((message) => message !== undefined),
  }
}

const endings: Readonly<Record<Setup['api'], readonly string[]>> = {
  chat: [],
  messages: ['message_stop'],
  responses: ['response.completed', 'response.incomplete'],
}

/** Of an error in any of the APIs. */
export function messageOf(answer: unknown): string | undefined {
  const message = textAt(answer, 'error', 'message') || textAt(answer, 'response', 'error', 'message')
  return message === '' ? undefined : message
}

/** Of an event of a stream: the piece of text in it. */
function deltaOf(event: unknown): string {
  if (textAt(event, 'type') === 'response.output_text.delta') return textAt(event, 'delta')
  return textAt(event, 'choices', 0, 'delta', 'content') || textAt(event, 'delta', 'text')
}

function wordsOf(answer: unknown): string {
  return textAt(answer, 'choices', 0, 'message', 'content') || textAt(answer, 'content', 0, 'text')
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  let at = value
  for (const step of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined
  return typeof at === 'string' ? at : ''
}

function shorten(words: string): string {
  const characters = Array.from(words.trim())
  return characters.length <= MOST_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, MOST_CHARACTERS).join('')}…`
}
