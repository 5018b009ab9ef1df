/** One round of an answer: what the model said until it wanted something searched, or was done. */
import type { AssistantPart } from '../conversation/conversation.ts'
import { parseJsonObject } from '../conversation/parse-json.ts'
import type { BlockHead, ReplyEvent } from '../conversation/reply.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { ReplySink } from '../relay/pump.ts'

type BlockEnd = Extract<ReplyEvent, { type: 'block-end' }>
type ReplyEnd = Extract<ReplyEvent, { type: 'reply-end' }>

/** A call of a tool that searches. */
export interface SearchCall {
  id: string
  name: string
  /** As the model wrote it: JSON text, or what should be. */
  input: string
}

export interface WholeRound {
  /** In order, the calls among them. */
  parts: AssistantPart[]
  calls: SearchCall[]
  /** Whether tools were called that the client runs: it is its turn then. */
  hasOtherCalls: boolean
  end: ReplyEnd
}

interface Round {
  /** Passes on what is for the client: all but the calls of searches, and the end. */
  sink: ReplySink
  /** Undefined until the round has come to its end. */
  whole(): WholeRound | undefined
}

interface RoundOptions {
  sink: ReplySink
  /** Whether the tool of this name is run here. */
  isSearch: (name: string) => boolean
  isFirst: boolean
}

interface SaidBlock {
  head: BlockHead
  texts: string[]
  end?: BlockEnd
}

export function createRound({ sink, isSearch, isFirst }: RoundOptions): Round {
  let said: SaidBlock[] = []
  let end: ReplyEnd | undefined
  /** Of this round; what rounds before it have told stays as it is. */
  let hasTold = false
  let isSwallowing = false

  function tell(event: ReplyEvent): void {
    if (isSwallowing) return
    hasTold = true
    sink.push(event)
  }

  function push(event: ReplyEvent): void {
    switch (event.type) {
      case 'reply-start':
        // Another attempt: nothing of the one before has left.
        said = []
        isSwallowing = false
        if (isFirst) sink.push(event)
        return
      case 'block-start':
        isSwallowing = event.block.kind === 'tool-use' && isSearch(event.block.name)
        said.push({ head: event.block, texts: [] })
        return tell(event)
      case 'block-delta':
        said.at(-1)?.texts.push(event.text)
        return tell(event)
      case 'block-end': {
        const block = said.at(-1)
        if (block !== undefined) block.end = event
        tell(event)
        isSwallowing = false
        return
      }
      case 'reply-end':
        end = event
        return
      default:
        unreachable(event)
    }
  }

  return {
    sink: {
      ...sink,
      push,
      hasContentLeft: () => hasTold || (isFirst && sink.hasContentLeft()),
    },
    whole: () => end && { ...describeRound(said, isSearch), end },
  }
}

function describeRound(
  said: readonly SaidBlock[],
  isSearch: RoundOptions['isSearch'],
): Omit<WholeRound, 'end'> {
  const calls = said.flatMap(({ head, texts }) =>
    head.kind === 'tool-use' && isSearch(head.name)
      ? [{ id: head.id, name: head.name, input: texts.join('') }]
      : [],
  )
  const callCount = said.filter(({ head }) => head.kind === 'tool-use').length
  return { parts: said.flatMap(toParts), calls, hasOtherCalls: callCount > calls.length }
}

function toParts({ head, texts, end }: SaidBlock): AssistantPart[] {
  const text = texts.join('')
  switch (head.kind) {
    case 'text':
      return [{ kind: 'text', text }]
    case 'thinking': {
      const signature = end?.signature
      return signature === undefined ? [] : [{ kind: 'thinking', text, signature }]
    }
    case 'redacted-thinking':
      return [head]
    case 'tool-use':
      return [{ ...head, input: parseJsonObject(text) ?? {} }]
    case 'web-search':
      return []
    default:
      return unreachable(head)
  }
}
