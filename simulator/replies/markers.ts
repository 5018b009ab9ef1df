/** `[[sim:…]]` in the current user message: the prompt itself chooses how it is answered. */
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
      return {
        kind: 'text',
        text: 'lorem ipsum '.repeat(Number(argument) / 12 + 1).slice(0, Number(argument)),
      }
    case 'tool':
      return readTool(argument)
    default:
      return isName(word) ? { kind: 'named', name: word } : undefined
  }
}

/** `NAME` or `NAME:{"input":…}` */
function readTool(argument: string): Behaviour | undefined {
  const separator = argument.indexOf(':')
  const name = separator < 0 ? argument : argument.slice(0, separator)
  const input: unknown = separator < 0 ? {} : JSON.parse(argument.slice(separator + 1))
  if (typeof input !== 'object' || input === null) return undefined
  return { kind: 'tool', name, input: { ...input } }
}

function readDelivery(word: string, argument: string): DeliveryChanges {
  switch (word) {
    case 'slice':
      return {
        slice: argument === 'frame' || argument === 'whole' ? argument : Math.max(1, Number(argument)),
      }
    case 'headers-delay':
      return { headersDelayMs: Number(argument) }
    case 'first-byte-delay':
      return { firstByteDelayMs: Number(argument) }
    case 'frame-delay':
      return { frameDelayMs: Number(argument) }
    case 'dribble':
      return { slice: 1 }
    default:
      return {}
  }
}
