import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBlocks } from './parse-blocks.ts'
import { readAddress } from './look-ahead.ts'
import { parseInline, type Inline } from './parse-inline.ts'

const plain = (text: string): Inline => ({ kind: 'text', text })

/** All that a reader sees of it. */
function shown(inlines: readonly Inline[]): string {
  return inlines.map((each) => ('children' in each ? shown(each.children) : each.text)).join('')
}
function linksOf(inlines: readonly Inline[]): string[] {
  return inlines.flatMap((each) =>
    'children' in each ? [...(each.kind === 'link' ? [each.href] : []), ...linksOf(each.children)] : [],
  )
}

const letters = (from: string) => from.replace(/[^aä🚀h]/gu, '')

describe('text within a paragraph', () => {
  it.each<[string, Inline[]]>([
    ['plain', [plain('plain')]],
    ['a **b** c', [plain('a '), { kind: 'strong', children: [plain('b')] }, plain(' c')]],
    ['*a*', [{ kind: 'emphasis', children: [plain('a')] }]],
    ['_a_ snake_case_name', [{ kind: 'emphasis', children: [plain('a')] }, plain(' snake_case_name')]],
    ['__a__', [{ kind: 'strong', children: [plain('a')] }]],
    ['5 * 3 * 2', [plain('5 * 3 * 2')]],
    ['`a*b*`', [{ kind: 'code', text: 'a*b*' }]],
    ['`` a`b ``', [{ kind: 'code', text: 'a`b' }]],
    ['`open', [plain('`open')]],
    ['**open', [plain('**'), plain('open')]],
    [String.raw`\*a\*`, [plain('*a*')]],
    ['[a](https://a.example/x)', [{ kind: 'link', href: 'https://a.example/x', children: [plain('a')] }]],
    [
      '[**a**](http://a.example)',
      [{ kind: 'link', href: 'http://a.example/', children: [{ kind: 'strong', children: [plain('a')] }] }],
    ],
  ])('%s', (text, inlines) => {
    expect(parseInline(text)).toEqual(inlines)
  })

  it('makes links of bare addresses, without what ends the sentence', () => {
    expect(linksOf(parseInline('See https://a.example/b?c=d. And (http://b.example)!'))).toEqual([
      'https://a.example/b?c=d',
      'http://b.example/',
    ])
  })

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//a.example',
    '/console/keys',
    'https:a.example',
    `https://a.example/${'x'.repeat(3000)}`,
    'https://',
  ])('does not lead to %s', (target) => {
    expect(linksOf(parseInline(`[a](${target})`))).toEqual([])
    expect(readAddress(target)).toBeUndefined()
  })

  it('shows pictures as links', () => {
    expect(parseInline('![a cat](https://a.example/cat.png)')).toEqual([
      { kind: 'link', href: 'https://a.example/cat.png', children: [plain('a cat')] },
    ])
  })

  it('keeps HTML as text', () => {
    const html = '<img src=x onerror=alert(1)><script>1</script>'
    expect(parseInline(html)).toEqual([plain(html)])
  })

  it('loses no letter, and never fails', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '_',
      '`',
      '``',
      '[',
      ']',
      '](',
      ')',
      '!',
      'h',
      'a',
      ' ',
      '\n',
      'ä',
      '🚀',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('')
        expect(letters(shown(parseInline(text)))).toBe(letters(text))
      }),
    )
  })
})

describe('blocks', () => {
  it.each([
    [
      'a\nb\n\nc',
      [
        { kind: 'paragraph', text: 'a\nb' },
        { kind: 'paragraph', text: 'c' },
      ],
    ],
    [
      '# A\ntext',
      [
        { kind: 'heading', level: 1, text: 'A' },
        { kind: 'paragraph', text: 'text' },
      ],
    ],
    ['#no heading', [{ kind: 'paragraph', text: '#no heading' }]],
    [
      '```js\na\n\nb\n```\nc',
      [
        { kind: 'code', language: 'js', text: 'a\n\nb' },
        { kind: 'paragraph', text: 'c' },
      ],
    ],
    ['```\nstill coming', [{ kind: 'code', language: '', text: 'still coming' }]],
    ['~~~\n```\n~~~', [{ kind: 'code', language: '', text: '```' }]],
    ['> a\n> b', [{ kind: 'quote', text: 'a\nb' }]],
    ['---', [{ kind: 'rule' }]],
    [
      '- a\n\n1. b',
      [
        { kind: 'list', items: [{ depth: 0, ordinal: undefined, text: 'a' }] },
        { kind: 'list', items: [{ depth: 0, ordinal: '1', text: 'b' }] },
      ],
    ],
    ['', []],
  ])('%j', (text, blocks) => {
    expect(parseBlocks(text)).toEqual(blocks)
  })

  it('are lists, with what is below a point', () => {
    expect(parseBlocks('1. a\n  more\n  - b\n\n2. c\n3) d\ntext')).toEqual([
      {
        kind: 'list',
        items: [
          { depth: 0, ordinal: '1', text: 'a\nmore' },
          { depth: 1, ordinal: undefined, text: 'b' },
          { depth: 0, ordinal: '2', text: 'c' },
          { depth: 0, ordinal: '3', text: 'd' },
        ],
      },
      { kind: 'paragraph', text: 'text' },
    ])
  })
})

describe('a text of a megabyte that is meant to harm', () => {
  const pieces = [
    '*',
    '**a ',
    '_a',
    '*a_',
    '`',
    '`a``',
    '[',
    '](',
    '[](',
    '[a](https://',
    '![',
    'https://',
    'h',
    '\\',
    '> ',
    '- ',
    '#',
    '```\n',
    '1. ',
    '\n',
    ' \n',
    '**a** ',
    '*a*',
    '[*',
    '_*[`',
  ]
  it.each(pieces)('%j is read once', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    // What reads anything twice for each character does not come to an end here.
    for (const block of parseBlocks(text)) if ('text' in block) parseInline(block.text)
    expect(shown(parseInline(text)).length).toBeLessThanOrEqual(text.length)
  })
})
