import type { JsonObject } from './conversation.ts'
import { GatewayError } from './failures.ts'
import { parseJsonObject } from './parse-json.ts'
import type { BlockHead, Reply, ReplyEvent, ReplyPart } from './reply.ts'
import type { Stage } from './stage.ts'
import { unreachable } from './unreachable.ts'

/** The sink of answers that are not streamed: emits the whole Reply at `reply-end`. Throws `interrupted` without one. */
export function createReplyCollector(): Stage<ReplyEvent, Reply> {
  const parts: ReplyPart[] = []
  let head: BlockHead | undefined
  let texts: string[] = []
  let ended = false

  return {
    push(event, emit) {
      switch (event.type) {
        case 'reply-start':
          return
        case 'block-start':
          head = event.block
          texts = []
          return
        case 'block-delta':
          texts.push(event.text)
          return
        case 'block-end':
          if (head !== undefined) parts.push(toPart(head, texts.join(''), event))
          head = undefined
          return
        case 'reply-end': {
          const { type: _, ...rest } = event
          ended = true
          emit({ parts, ...rest })
          return
        }
        default:
          unreachable(event)
      }
    },
    end() {
      if (!ended) throw new GatewayError('interrupted', 'The answer stopped before its end.')
    },
  }
}

const NOT_SEARCHED = { kind: 'failed', failure: 'unavailable' } as const

type BlockEnd = Extract<ReplyEvent, { type: 'block-end' }>

function toPart(head: BlockHead, text: string, { signature, citations, outcome }: BlockEnd): ReplyPart {
  switch (head.kind) {
    case 'text':
      return citations === undefined ? { kind: 'text', text } : { kind: 'text', text, citations }
    case 'thinking':
      return signature === undefined ? { kind: 'thinking', text } : { kind: 'thinking', text, signature }
    case 'redacted-thinking':
      return head
    case 'tool-use':
      return { ...head, input: parseToolInput(text), inputText: text }
    case 'web-search':
      return { ...head, outcome: outcome ?? NOT_SEARCHED }
    default:
      return unreachable(head)
  }
}

/** Throws `interrupted` when what the model wrote is not the JSON text of an object, or one that nobody could walk. */
function parseToolInput(text: string): JsonObject {
  const input = parseJsonObject(text)
  if (input !== undefined) return input
  throw new GatewayError('interrupted', 'The model wrote a tool call whose input is not a JSON object.')
}
