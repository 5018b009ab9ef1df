/** `[[sim:…]]` in the current user message: the prompt itself chooses how it is answered. */
import { z } from 'zod'
import { type Behaviour, isName } from './behaviour.ts'
import type { DeliveryChanges } from './delivery.ts'

interface Marked {
  behaviour: Behaviour | undefined
  delivery: DeliveryChanges
}

const MARKER = /\[\[sim:([a-z0-9-]+)(?::([\s\S]*?))?\]\](?!\])/g

/** The last behaviour marker wins; delivery markers add up. Unknown markers are left alone. */
export function readMarkers(prompt: string): Marked {
  let marked: Marked = { behaviour: undefined, delivery: {} }
  for (const [, word = '', argument = ''] of prompt.matchAll(MARKER)) {
    marked = {
      behaviour: readBehaviour(word, argument) ?? marked.behaviour,
      delivery: { ...marked.delivery, ...readDelivery(word, argument) },
    }
  }
  return marked
}

/** The prompt as a reader would see it. */
export function withoutMarkers(prompt: string): string {
  return prompt.replaceAll(MARKER, '').trim()
}

function readBehaviour(word: string, argument: string): Behaviour | undefined {
  switch (word) {
    case 'text':
      return { kind: 'text', text: argument }
    case 'characters':
      return { kind: 'text', text: sampleText(readCount(argument) ?? 0) }
    case 'tool':
      return readTool(argument)
    default:
      return isName(word) ? { kind: 'named', name: word } : undefined
  }
}

function sampleText(characters: number): string {
  const words = 'lorem ipsum '
  return words.repeat(Math.ceil(characters / words.length)).slice(0, characters)
}

const inputSchema = z.record(z.string(), z.unknown())

/** `NAME` or `NAME:{"input":…}`; undefined when the input is not a JSON object. */
function readTool(argument: string): Behaviour | undefined {
  const separator = argument.indexOf(':')
  if (separator < 0) return { kind: 'tool', name: argument, input: {} }
  try {
    const input = inputSchema.parse(JSON.parse(argument.slice(separator + 1)))
    return { kind: 'tool', name: argument.slice(0, separator), input }
  } catch {
    return undefined
  }
}

function readDelivery(word: string, argument: string): DeliveryChanges {
  const count = readCount(argument)
  switch (word) {
    case 'slice':
      if (argument === 'frame' || argument === 'whole') return { slice: argument }
      return count === undefined || count === 0 ? {} : { slice: count }
    case 'headers-delay':
      return { headersDelayMs: count }
    case 'first-byte-delay':
      return { firstByteDelayMs: count }
    case 'frame-delay':
      return { frameDelayMs: count }
    case 'dribble':
      return { slice: 1 }
    default:
      return {}
  }
}

function readCount(argument: string): number | undefined {
  return /^\d{1,9}$/.test(argument) ? Number(argument) : undefined
}
