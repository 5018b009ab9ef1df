import type { AssistantPart, JsonObject, JsonValue } from './conversation.ts'
import { GatewayError } from './failures.ts'
import type { BlockHead, Reply, ReplyEvent } from './reply.ts'
import type { Stage } from './stage.ts'
import { unreachable } from './unreachable.ts'

/** The sink of answers that are not streamed: emits the whole Reply at `reply-end`. Throws `interrupted` without one. */
export function createReplyCollector(): Stage<ReplyEvent, Reply> {
  const parts: AssistantPart[] = []
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
          if (head !== undefined) parts.push(toPart(head, texts.join(''), event.signature))
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

function toPart(head: BlockHead, text: string, signature: string | undefined): AssistantPart {
  switch (head.kind) {
    case 'text':
      return { kind: 'text', text }
    case 'thinking':
      return signature === undefined ? { kind: 'thinking', text } : { kind: 'thinking', text, signature }
    case 'redacted-thinking':
      return head
    case 'tool-use':
      return { ...head, input: parseToolInput(text) }
    default:
      return unreachable(head)
  }
}

/** The input of a tool call as the model wrote it: the JSON text of an object. Throws `interrupted` when it is not. */
function parseToolInput(text: string): JsonObject {
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new GatewayError('interrupted', 'The model wrote a tool call whose input is not a JSON object.')
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
