import { GatewayError } from '../conversation/failures.ts'
import type { BlockHead, ReplyEvent } from '../conversation/reply.ts'

/** Many times what a model can write. */
const MAX_HELD_CHARACTERS = 4 * 1024 * 1024

/** A block of a reply that is held until it is clear what becomes of it. */
export interface HeldBlock {
  head: BlockHead
  /** From its start to its end. */
  events: readonly ReplyEvent[]
  text: string
}

export interface HeldBlocks {
  /** Throws `upstream-unavailable` when there is too much to hold. */
  add(event: ReplyEvent): void
  all(): HeldBlock[]
}

export function createHeldBlocks(): HeldBlocks {
  const blocks: { head: BlockHead; events: ReplyEvent[]; texts: string[] }[] = []
  let characters = 0
  return {
    add(event) {
      if (event.type === 'block-start') blocks.push({ head: event.block, events: [], texts: [] })
      const block = blocks.at(-1)
      block?.events.push(event)
      if (event.type !== 'block-delta') return
      block?.texts.push(event.text)
      characters += event.text.length
      if (characters <= MAX_HELD_CHARACTERS) return
      throw new GatewayError(
        'upstream-unavailable',
        'The answer is larger than the gateway can check (4 MiB).',
      )
    },
    all: () => blocks.map(({ texts, ...block }) => ({ ...block, text: texts.join('') })),
  }
}

export function toTextBlock(text: string): HeldBlock {
  const head = { kind: 'text' } as const
  return {
    head,
    text,
    events: [{ type: 'block-start', block: head }, { type: 'block-delta', text }, { type: 'block-end' }],
  }
}
