/** Answers of the service, in words of no API. */
import type { JsonObject } from '../../../src/conversation/conversation.ts'
import type { Random } from '../hostile/random.ts'
import type { HeardBlock } from './heard.ts'
import { createTeller, type Tale, type UserTurn } from './tale.ts'

type CallBlock = Extract<HeardBlock, { kind: 'call' }>

export interface Answer {
  thinking: { text: string; proof: string } | undefined
  /** No two texts stand side by side. */
  blocks: (CallBlock | { kind: 'text'; text: string })[]
  /** What the client says then: results of all calls, or only words. */
  next: UserTurn
}

export function createAnswer(random: Random, { tools }: Tale): Answer {
  const teller = createTeller(random)
  // Bytes that are no text never come from the service.
  const text = (): string => teller.text().toWellFormed()
  const call = (name: string): CallBlock => ({
    kind: 'call',
    id: teller.mark('tooluse_'),
    name,
    input: wellFormed(teller.object(2)),
  })
  const blocks: Answer['blocks'] = []
  const length = 1 + random.below(4)
  while (blocks.length < length) {
    const tool = tools[random.below(tools.length)]
    const isCall = blocks.at(-1)?.kind === 'text' || random.below(3) > 0
    if (isCall && tool !== undefined) blocks.push(call(tool.name))
    else if (blocks.at(-1)?.kind === 'text') break
    else blocks.push({ kind: 'text', text: text() })
  }
  const calls = blocks.filter((block) => block.kind === 'call')
  const thinking =
    random.below(3) === 0 ? { text: text(), proof: random.bytes(9).toString('base64') } : undefined
  return { thinking, blocks, next: teller.userTurn(calls) }
}

function wellFormed(input: JsonObject): JsonObject {
  const read: JsonObject = JSON.parse(JSON.stringify(input), (_, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed() : inner,
  )
  return read
}
