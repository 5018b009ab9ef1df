import { describe, expect, it } from 'vitest'
import type { Citation } from '../../conversation/citation.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import { createReplyDecoder } from './decode-reply.ts'

type Sent = [name: string, payload: unknown]

const answer = (content: string): Sent => ['assistantResponseEvent', { content }]
const call = (rest: object = {}): Sent => ['toolUseEvent', { toolUseId: 't', name: 'ls', ...rest }]
const links = (...supplementaryWebLinks: unknown[]): Sent => [
  'supplementaryWebLinksEvent',
  { supplementaryWebLinks },
]
const references = (...told: unknown[]): Sent => ['codeReferenceEvent', { references: told }]
const document = (told: object): Sent => ['documentCitationEvent', told]
const cites = (told: object): Sent => ['citationEvent', told]

function decode(sent: readonly Sent[]): ReplyEvent[] {
  const events: ReplyEvent[] = []
  const decoder = createReplyDecoder({
    prompt: { tokens: 7, contextWindowTokens: 1_000 },
    toolNames: { toClient: (name) => name },
    seal: { close: (proof) => proof },
    clock: { now: () => 0 },
  })
  for (const [name, payload] of sent) {
    const frame = { messageType: 'event', name, payload: Buffer.from(JSON.stringify(payload)) } as const
    decoder.push(frame, (event) => events.push(event))
  }
  decoder.end((event) => events.push(event))
  return events
}

/** What each block and the reply's end cite, in order. */
function citedIn(sent: readonly Sent[]): [string, Citation[]][] {
  let kind = ''
  const found: [string, Citation[]][] = []
  for (const event of decode(sent)) {
    if (event.type === 'block-start') kind = event.block.kind
    if (event.type === 'block-end') found.push([kind, event.citations ?? []])
    if (event.type === 'reply-end') found.push(['end', event.citations ?? []])
  }
  return found
}

const link = (name: string) => ({ kind: 'web-link', url: `https://example.com/${name}` }) as const
const linkEvent = (name: string): Sent => links({ url: `https://example.com/${name}` })

describe('what a citation says', () => {
  it.each<[string, Sent, Citation[]]>([
    [
      'a web link',
      links({ url: 'https://example.com/a', title: 'A', snippet: 'seen\n there' }),
      [{ kind: 'web-link', url: 'https://example.com/a', title: 'A', snippet: 'seen there' }],
    ],
    [
      'links of which one has another shape',
      links(null, 7, { url: 1 }, { title: 'B' }),
      [{ kind: 'web-link', title: 'B' }],
    ],
    [
      'code and its licence',
      references({
        licenseName: 'MIT',
        repository: 'example/answers',
        url: 'https://example.com/answers',
        recommendationContentSpan: { start: 0, end: 3 },
      }),
      [
        {
          kind: 'code-reference',
          licence: 'MIT',
          repository: 'example/answers',
          url: 'https://example.com/answers',
        },
      ],
    ],
    [
      'code of which the licence alone is known',
      references({ licenseName: 'GPL-3.0', repository: null }),
      [{ kind: 'code-reference', licence: 'GPL-3.0' }],
    ],
    ['references that say nothing', references({}, { repository: ' ' }), []],
    [
      'a range of the text, with its mark',
      cites({
        target: { range: { start: 1, end: 4 } },
        citationText: '2',
        citationLink: 'http://example.com',
      }),
      [{ kind: 'web-link', url: 'http://example.com', title: '[2]', span: { start: 1, end: 4 } }],
    ],
    [
      'a place in the text',
      cites({ target: { location: 3 }, citationLink: 'https://example.com/a' }),
      [{ ...link('a'), span: { start: 3, end: 3 } }],
    ],
    [
      'a target that cannot be read',
      cites({ target: 'there', citationLink: 'https://example.com/a' }),
      [link('a')],
    ],
    [
      'pages of a document',
      document({
        title: 'Prices',
        source: 'prices.pdf',
        location: { documentPage: { documentIndex: 1, start: 2, end: 4 } },
        sourceContent: [{ text: 'a\n' }, { text: '\u001bb' }],
      }),
      [
        {
          kind: 'document',
          title: 'Prices',
          source: 'prices.pdf',
          location: { unit: 'page', documentIndex: 1, start: 2, end: 4 },
          quotedText: 'a\nb',
        },
      ],
    ],
    [
      'characters of a document',
      document({ location: { documentChar: { documentIndex: 0, start: 0, end: 9 } } }),
      [{ kind: 'document', location: { unit: 'character', documentIndex: 0, start: 0, end: 9 } }],
    ],
    [
      'chunks of a document',
      document({ location: { documentChunk: { documentIndex: 0, start: 0, end: 1 } } }),
      [{ kind: 'document', location: { unit: 'chunk', documentIndex: 0, start: 0, end: 1 } }],
    ],
    [
      'a document of the web',
      document({
        location: { web: { url: 'https://example.com/a', domain: 'example.com' } },
        sourceContent: [{ text: 'x' }],
      }),
      [{ ...link('a'), title: 'example.com', snippet: 'x' }],
    ],
    [
      'a document whose place has another shape',
      document({
        title: 'T',
        location: { documentPage: { documentIndex: -1, start: 'a' } },
        sourceContent: 'x',
      }),
      [{ kind: 'document', title: 'T' }],
    ],
    ['an event of another shape', ['citationEvent', { target: {} }], []],
  ])('%s', (_, sent, citations) => {
    expect(citedIn([answer('a'), sent])).toEqual([
      ['text', citations],
      ['end', []],
    ])
  })

  it.each([
    ['javascript:alert(1)', 'T (javascript:alert(1))'],
    ['data:text/html,x', 'T (data:text/html,x)'],
    ['file:///etc/passwd', 'T (file:///etc/passwd)'],
    ['https://example.com/a b', 'T (https://example.com/a b)'],
    ['https://example.com/\u001b]8;;x', 'T (https://example.com/ ]8;;x)'],
    ['https://', 'T (https://)'],
  ])('leaves the address %j as words', (url, title) => {
    expect(citedIn([answer('a'), links({ url, title: 'T' })])[0]).toEqual([
      'text',
      [{ kind: 'web-link', title }],
    ])
  })

  it('leaves an endless address as words, which end', () => {
    const [found] = citedIn([answer('a'), links({ url: `https://example.com/${'a'.repeat(2048)}` })])
    expect(found).toEqual(['text', [{ kind: 'web-link', title: `https://example.com/${'a'.repeat(280)}` }]])
  })

  it('is without control characters, and not endless', () => {
    const [found] = citedIn([answer('a'), links({ title: `\u0007${'😀'.repeat(400)}` })])
    const [citation] = found?.[1] ?? []
    const title = citation?.kind === 'web-link' ? (citation.title ?? '') : ''
    expect(title).toMatch(/^😀+\ufffd?$/u)
    expect(title.length).toBeLessThanOrEqual(300)
  })
})

describe('where a citation goes', () => {
  it.each<[string, Sent[], [string, Citation[]][]]>([
    [
      'with the text that it interrupts, which goes on',
      [answer('a'), linkEvent('1'), answer('b'), linkEvent('2')],
      [
        ['text', [link('1'), link('2')]],
        ['end', []],
      ],
    ],
    [
      'with the text after it, when none is open',
      [linkEvent('1'), ['reasoningContentEvent', { text: 'hm' }], answer('a')],
      [
        ['thinking', []],
        ['text', [link('1')]],
        ['end', []],
      ],
    ],
    [
      'with the end of the reply, when no text comes any more',
      [answer('a'), call(), linkEvent('1'), call({ stop: true }), linkEvent('2')],
      [
        ['text', []],
        ['tool-use', []],
        ['end', [link('1'), link('2')]],
      ],
    ],
  ])('%s', (_, sent, cited) => {
    expect(citedIn(sent)).toEqual(cited)
  })

  it('makes no answer of nothing', () => {
    expect(() => decode([linkEvent('1')])).toThrow(/empty answer/)
  })

  it('but once, however often it comes, and there are no more than a hundred', () => {
    const many = Array.from({ length: 300 }, (_, index) => linkEvent(String(index % 150)))
    expect(citedIn([answer('a'), ...many])[0]?.[1]).toHaveLength(100)
    const few = Array.from({ length: 300 }, (_, index) => linkEvent(String(index % 3)))
    expect(citedIn([answer('a'), ...few])[0]?.[1]).toHaveLength(3)
  })
})
