import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import { createGrammarCheck } from '../../conversation/grammar.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { createThinkingTagReader } from './thinking-tags.ts'

const usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'estimated',
} as const
const START: ReplyEvent = { type: 'reply-start' }
const END: ReplyEvent = { type: 'reply-end', stopReason: 'end-turn', usage }
const tool: ReplyEvent[] = [
  { type: 'block-start', block: { kind: 'tool-use', id: 'a', name: 'ls' } },
  { type: 'block-delta', text: '{}' },
  { type: 'block-end' },
]

function textBlock(...pieces: string[]): ReplyEvent[] {
  return [
    { type: 'block-start', block: { kind: 'text' } },
    ...pieces.map((text): ReplyEvent => ({ type: 'block-delta', text })),
    { type: 'block-end' },
  ]
}

function read(events: readonly ReplyEvent[]): ReplyEvent[] {
  const reader = createThinkingTagReader()
  const check = createGrammarCheck()
  const out: ReplyEvent[] = []
  for (const event of events) {
    reader.push(event, (each) => {
      check.push(each, () => {})
      out.push(each)
    })
  }
  check.end(() => {})
  return out
}

/** A block a line: its kind and all its text. */
function outline(events: readonly ReplyEvent[]): string[] {
  const lines: string[] = []
  for (const event of events) {
    if (event.type === 'block-start') lines.push(`${event.block.kind}: `)
    else if (event.type === 'block-delta') lines.push(`${lines.pop()}${event.text}`)
  }
  return lines
}

const outlineOfText = (...pieces: string[]) => outline(read([START, ...textBlock(...pieces), END]))

describe('text that begins with thinking in tags', () => {
  it.each<[string, string, string[]]>([
    ['becomes two blocks', '<thinking>plan</thinking>\n\nHi', ['thinking: plan', 'text: Hi']],
    ['may begin with blanks', ' \n<thinking>plan</thinking>\n\nHi', ['thinking: plan', 'text: Hi']],
    ['loses one blank line only', '<thinking>a</thinking>\n\n\nHi', ['thinking: a', 'text: \nHi']],
    ['loses a blank line of any machine', '<thinking>a</thinking>\r\n\r\nHi', ['thinking: a', 'text: Hi']],
    ['may go on in the next line', '<thinking>a</thinking>\nHi', ['thinking: a', 'text: Hi']],
    ['may go on in the same line', '<thinking>a</thinking>Hi', ['thinking: a', 'text: Hi']],
    ['may go on with an emoji', '<thinking>a</thinking>😀', ['thinking: a', 'text: 😀']],
    ['may be all there is', '<thinking>plan</thinking>', ['thinking: plan']],
    ['may be all but blank lines', '<thinking>plan</thinking>\n\n', ['thinking: plan']],
    ['may be empty', '<thinking></thinking>\n\nHi', ['text: Hi']],
    ['may stop inside', '<thinking>plan', ['thinking: plan']],
    ['may stop inside the closing tag', '<thinking>plan</think', ['thinking: plan</think']],
    ['may stop right after the opening tag', '<thinking>', []],
    [
      'may speak of the closing tag',
      '<thinking>A `</thinking>` ends it, "</thinking>", 「</thinking>」, and </thinking> as a word, or </thinking>.</thinking>\n\nHi',
      [
        'thinking: A `</thinking>` ends it, "</thinking>", 「</thinking>」, and </thinking> as a word, or </thinking>.',
        'text: Hi',
      ],
    ],
    ...[
      ' The answer.',
      '{"a": 1}',
      '```js\n1\n```',
      '- item',
      '<b>',
      '(x)',
      '【x】',
      '$5',
      '"quoted"',
      '`code`',
    ].map((answer): [string, string, string[]] => [
      `may go on with ${answer}`,
      `<thinking>a</thinking>${answer}`,
      ['thinking: a', `text: ${answer}`],
    ]),
    ['may end behind a blank', '<thinking>a </thinking> ', ['thinking: a ', 'text:  ']],
    ['may end in a mark', '<thinking>a "</thinking>b', ['thinking: a "', 'text: b']],
    [
      'is read once',
      '<thinking>a</thinking>\n\n<thinking>b</thinking>',
      ['thinking: a', 'text: <thinking>b</thinking>'],
    ],
  ])('%s', (_name, text, lines) => {
    expect(outlineOfText(text)).toEqual(lines)
    expect(outlineOfText(...text.split(''))).toEqual(lines)
  })

  it('ends with a tool call', () => {
    expect(outline(read([START, ...textBlock('<thinking>plan</thinking>'), ...tool, END]))).toEqual([
      'thinking: plan',
      'tool-use: {}',
    ])
    expect(outline(read([START, ...textBlock('<thinking>pl'), ...tool, ...textBlock('an'), END]))).toEqual([
      'thinking: pl',
      'tool-use: {}',
      'text: an',
    ])
  })
})

describe('any other text', () => {
  it.each([
    '<',
    '<div class="a">hello</div> done',
    '<th',
    '<thinking',
    '<thinkingx>a</thinking>',
    '</thinking>\n\nHi',
    'Hi <thinking>a</thinking>\n\nHi',
    `${' '.repeat(65)}<thinking>a</thinking>`,
    ' \n ',
    '<Thinking>a</Thinking>',
  ])('%j passes, also character by character', (text) => {
    expect(outlineOfText(text)).toEqual([`text: ${text}`])
    expect(outlineOfText(...text.split(''))).toEqual([`text: ${text}`])
  })

  it('is not held back longer than it may be a tag', () => {
    const reader = createThinkingTagReader()
    const out: ReplyEvent[] = []
    for (const event of [START, ...textBlock('<', 'di').slice(0, -1)])
      reader.push(event, (each) => out.push(each))
    expect(outline(out)).toEqual(['text: <di'])
  })
})

const someText = fc
  .array(
    fc.oneof(
      fc.constantFrom('<thinking>', '</thinking>', '<', '</', 'thinking>', '\n', '\r\n', ' ', '`', 'a', '😀'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))

/** The rule by a regular expression, over the whole text. */
function readWhole(text: string): string[] {
  const opened = /^\s{0,64}<thinking>/.exec(text)
  if (opened === null) return text === '' ? [] : [`text: ${text}`]
  const rest = text.slice(opened[0].length)
  const closed = [...rest.matchAll(/<\/thinking>/g)].find(({ index }) => {
    const [before, after] = [rest.charAt(index - 1), rest.charAt(index + '</thinking>'.length)]
    if (before === ' ' && /^(?: \p{Ll}|[,;:.?!)])/u.test(rest.slice(index + '</thinking>'.length)))
      return false
    return !['``', '""', "''", '“”', '‘’', '「」'].includes(before + after)
  })
  const thinking = closed === undefined ? rest : rest.slice(0, closed.index)
  const answer = closed === undefined ? '' : rest.slice(closed.index + closed[0].length)
  const said = answer.replace(/^(?:\r?\n){0,2}/, '')
  return [...(thinking === '' ? [] : [`thinking: ${thinking}`]), ...(said === '' ? [] : [`text: ${said}`])]
}

describe('what a text cites', () => {
  const link = { kind: 'web-link', url: 'https://example.com' } as const
  const placed = { ...link, span: { start: 30, end: 32 } }
  const endsOf = (text: string) => {
    const cited: ReplyEvent[] = [...textBlock(text).slice(0, -1), { type: 'block-end', citations: [placed] }]
    return read([START, ...cited, END]).filter(({ type }) => type === 'block-end')
  }

  it('stays with it', () => {
    expect(endsOf('Hi')).toEqual([{ type: 'block-end', citations: [placed] }])
  })

  it('has no place in it any more when thinking was taken out before', () => {
    expect(endsOf('<thinking>plan</thinking>\n\nHi')).toEqual([
      { type: 'block-end' },
      { type: 'block-end', citations: [link] },
    ])
  })

  it('is not said of thinking', () => {
    expect(endsOf('<thinking>plan')).toEqual([{ type: 'block-end' }])
  })
})

describe('any text', () => {
  it('gives the same blocks, wherever it is cut', () => {
    fc.assert(
      fc.property(someText, fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
        const offsets = places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b)
        const pieces = [...offsets, text.length].map((end, index) => text.slice(offsets[index - 1] ?? 0, end))
        expect(outlineOfText(...pieces)).toEqual(readWhole(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('passes byte by byte where it does not begin with the tag', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const out = read(events)
        expect(outline(out)).toEqual(outline(events))
        expect([out[0], out.at(-1)]).toEqual([events[0], events.at(-1)])
      }),
    )
  })
})
