import fc from 'fast-check'
import type { Citation } from '../src/conversation/citation.ts'
import type { BlockHead, ReplyEvent, StopReason } from '../src/conversation/reply.ts'

/** Texts that break careless code: empty, repeated, a lone `<`, line breaks, astral and combining characters. */
const delta = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('<', '==', ' ', '\n\n', 'data: ', '😀', '漢', 'é', '"', '\\', '\u2028'),
)
const said = fc
  .array(delta, { minLength: 1, maxLength: 6 })
  .filter((pieces) => pieces.some((piece) => piece !== ''))

/** Cuts a text into pieces at the given places, empty pieces included. */
function cut(text: string, places: readonly number[]): string[] {
  const offsets = places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b)
  return [...offsets, text.length].map((end, index) => text.slice(offsets[index - 1] ?? 0, end))
}

const jsonInput = fc
  .tuple(
    fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    fc.array(fc.nat(), { maxLength: 5 }),
  )
  .map(([input, places]) => cut(JSON.stringify(input), places))

const toolName = fc.constantFrom('Bash', 'read_file', 'mcp__server__tool', 'ls')

type EndOfBlock = Omit<Extract<ReplyEvent, { type: 'block-end' }>, 'type'>

function toEvents(block: BlockHead, pieces: readonly string[], end: EndOfBlock = {}): ReplyEvent[] {
  return [
    { type: 'block-start', block },
    ...pieces.map((text): ReplyEvent => ({ type: 'block-delta', text })),
    { type: 'block-end', ...end },
  ]
}

const position = fc.nat(50)
const citation: fc.Arbitrary<Citation> = fc.oneof(
  fc.constantFrom<Citation>(
    { kind: 'web-link', url: 'https://example.com/a?b=c#d', title: 'A "page"', snippet: 'seen' },
    { kind: 'web-link', title: 'ftp://example.com' },
    { kind: 'document', title: 'Report', source: 'report.pdf' },
    { kind: 'document', quotedText: 'only words' },
    { kind: 'code-reference', licence: 'MIT', repository: 'example/answers', url: 'https://example.com' },
    { kind: 'code-reference', licence: 'GPL-3.0' },
  ),
  fc.record({
    kind: fc.constant('web-link' as const),
    url: fc.constant('https://example.com/'),
    span: fc.record({ start: position, end: position }),
  }),
  fc.record({
    kind: fc.constant('document' as const),
    title: fc.constant('Report'),
    quotedText: fc.constant('three lines'),
    location: fc.record({
      unit: fc.constantFrom('page' as const, 'character' as const, 'chunk' as const),
      documentIndex: fc.nat(4),
      start: position,
      end: position,
    }),
  }),
)
/** Mostly none, as in life. */
const cited = fc
  .array(citation, { maxLength: 3 })
  .chain((citations) => fc.constantFrom({}, {}, citations.length === 0 ? {} : { citations }))

const textBlock = fc.tuple(said, cited).map(([pieces, end]) => toEvents({ kind: 'text' }, pieces, end))
const thinkingBlock = fc
  .tuple(said, fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }))
  .map(([pieces, signature]) =>
    toEvents({ kind: 'thinking' }, pieces, signature === undefined ? {} : { signature }),
  )
const redactedBlock = fc
  .base64String({ minLength: 4 })
  .map((data) => toEvents({ kind: 'redacted-thinking', data }, []))
const toolBlock = fc.tuple(toolName, jsonInput).map(([name, pieces]) => ({ name, pieces }))

const usage = fc.record({
  inputTokens: fc.nat(1e6),
  outputTokens: fc.integer({ min: 1, max: 1e6 }),
  cacheReadTokens: fc.nat(1e5),
  cacheWriteTokens: fc.nat(1e5),
  source: fc.constantFrom('upstream' as const, 'estimated' as const),
})

const plainStop = fc.constantFrom<StopReason>('end-turn', 'max-tokens', 'context-window-exceeded')

/** Complete, grammatical replies: thinking first, then text and tool calls in any order. */
export const replyEvents: fc.Arbitrary<ReplyEvent[]> = fc
  .tuple(
    fc.array(fc.oneof(thinkingBlock, redactedBlock), { maxLength: 2 }),
    fc.array(fc.oneof(textBlock, toolBlock), { minLength: 1, maxLength: 4 }),
    usage,
    plainStop,
    cited,
  )
  .map(([thinking, blocks, tokens, stop, loose]) => {
    const events = blocks.map((block, index) =>
      Array.isArray(block)
        ? block
        : toEvents({ kind: 'tool-use', id: `tooluse_${index}`, name: block.name }, block.pieces),
    )
    const called = blocks.some((block) => !Array.isArray(block))
    return [
      { type: 'reply-start' },
      ...thinking.flat(),
      ...events.flat(),
      { type: 'reply-end', stopReason: called ? 'tool-use' : stop, usage: tokens, ...loose },
    ]
  })
