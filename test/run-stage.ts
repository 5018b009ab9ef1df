import fc from 'fast-check'
import { createReplyCollector } from '../src/conversation/collect-reply.ts'
import { createGrammarCheck } from '../src/conversation/grammar.ts'
import type { BlockHead, Reply, ReplyEvent, Usage } from '../src/conversation/reply.ts'
import type { ReplyStage } from '../src/conversation/stage.ts'

/** What comes out of a stage, which gets nothing more once it is done. Throws when that is not a whole reply. */
export function runStage(stage: ReplyStage, events: readonly ReplyEvent[]): ReplyEvent[] {
  const out: ReplyEvent[] = []
  const check = createGrammarCheck()
  for (const event of events) {
    if (stage.isDone?.() !== true) stage.push(event, (item) => check.push(item, (each) => out.push(each)))
  }
  if (stage.isDone?.() !== true) stage.end((item) => check.push(item, (each) => out.push(each)))
  check.end(() => {})
  return out
}

export function collect(events: readonly ReplyEvent[]): Reply {
  const replies: Reply[] = []
  const collector = createReplyCollector()
  for (const event of events) collector.push(event, (reply) => replies.push(reply))
  const [reply] = replies
  if (reply === undefined) throw new Error('The events are not a whole reply.')
  return reply
}

export const sampleUsage: Usage = {
  inputTokens: 11,
  outputTokens: 7,
  cacheReadTokens: 3,
  cacheWriteTokens: 0,
  source: 'upstream',
}

type Block = readonly [head: BlockHead, ...pieces: string[]]

/** The events of a reply with these blocks; its stop reason is that of its last block. */
export function replyOf(...blocks: readonly Block[]): ReplyEvent[] {
  const endsInCall = blocks.at(-1)?.[0].kind === 'tool-use'
  return [
    { type: 'reply-start' },
    ...blocks.flatMap(([block, ...pieces]): ReplyEvent[] => [
      { type: 'block-start', block },
      ...pieces.map((text): ReplyEvent => ({ type: 'block-delta', text })),
      { type: 'block-end' },
    ]),
    { type: 'reply-end', stopReason: endsInCall ? 'tool-use' : 'end-turn', usage: sampleUsage },
  ]
}

export const text = (...pieces: string[]): Block => [{ kind: 'text' }, ...pieces]
export const thinking = (...pieces: string[]): Block => [{ kind: 'thinking' }, ...pieces]
export const call = (name: string, ...pieces: string[]): Block => [
  { kind: 'tool-use', id: `tooluse_${name}`, name },
  ...pieces,
]

/** Every way to cut the texts of a reply anew: single code units at the finest, empty pieces among them. */
export function slicingsOf(events: readonly ReplyEvent[]): fc.Arbitrary<ReplyEvent[]> {
  return fc.infiniteStream(fc.integer({ min: 0, max: 5 })).map((lengths) => {
    const next = () => lengths.next().value ?? 1
    return joinDeltas(events).flatMap((event) => {
      if (event.type !== 'block-delta') return [event]
      const pieces: ReplyEvent[] = []
      for (let at = 0; at < event.text.length;) {
        const length = next()
        pieces.push({ type: 'block-delta', text: event.text.slice(at, at + length) })
        at += length
      }
      return pieces
    })
  })
}

/** The same reply with one delta for each block. */
function joinDeltas(events: readonly ReplyEvent[]): ReplyEvent[] {
  const joined: ReplyEvent[] = []
  for (const event of events) {
    const last = joined.at(-1)
    if (event.type === 'block-delta' && last?.type === 'block-delta') {
      joined[joined.length - 1] = { type: 'block-delta', text: last.text + event.text }
    } else joined.push(event)
  }
  return joined
}
