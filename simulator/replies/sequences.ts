/** Named event sequences: every order and oddity that the service is known for. */
import { metadata, reasoning, signature, text, toolUse, trailer } from './events.ts'
import { delay, event, exception, type Step } from './steps.ts'

/** Things that differ from one answer to the next. */
export interface SequenceContext {
  modelId: string
  toolUseId: () => string
  /** Signature of a thought, for the account and the model that the answer is for. */
  sign: (thought: string) => string
  /** The same of a thought that stays hidden, as base64. */
  redact: (thought: string) => string
}

type Sequence = (context: SequenceContext) => Step[]

const modernTrailer = [metadata({ input: 10, output: 55, cacheWrite: 1200 }), ...trailer()]

export const sequences = {
  'legacy-text': () => [text('Hel'), text('lo'), ...trailer()],
  thinking: ({ modelId, sign }) => [
    reasoning('First, '),
    reasoning('the question. '),
    reasoning('Then the answer.'),
    signature(sign('First, the question. Then the answer.')),
    text('The answer ', modelId),
    text('is 42.', modelId),
    ...modernTrailer,
  ],
  'redacted-thinking': ({ modelId, redact }) => [
    event('reasoningContentEvent', { redactedContent: redact('Nobody may read this.') }),
    text('Done.', modelId),
    ...modernTrailer,
  ],
  'one-tool': ({ toolUseId }) => [
    text("I'll look."),
    ...toolUse(toolUseId(), 'ls', ['{"pa', 'th": "."}']),
    ...trailer(),
  ],
  'two-tools': ({ toolUseId }) => {
    const [first, second] = [toolUseId(), toolUseId()]
    return [
      ...toolUse(first, 'ls', ['{"path": "a"}']),
      ...toolUse(second, 'ls', ['{"path": "b"}']),
      ...trailer(),
    ]
  },
  'two-tools-interleaved': ({ toolUseId }) => interleave(toolUseId(), toolUseId()),
  'empty-tool-input': ({ toolUseId }) => [...toolUse(toolUseId(), 'ls', ['']), ...trailer()],
  'no-tool-input': ({ toolUseId }) => [...toolUse(toolUseId(), 'ls', []), ...trailer()],
  'object-input': ({ toolUseId }) => [
    event('toolUseEvent', { toolUseId: toolUseId(), name: 'ls', input: { path: '.' }, stop: true }),
    ...trailer(),
  ],
  'single-tool-event': ({ toolUseId }) => [
    event('toolUseEvent', { toolUseId: toolUseId(), name: 'ls', input: '{"path": "."}', stop: true }),
    ...trailer(),
  ],
  'truncated-tool': ({ toolUseId }) => toolUse(toolUseId(), 'ls', ['{"path": "/ho']).slice(0, -1),
  'bad-tool-json': ({ toolUseId }) => [...toolUse(toolUseId(), 'ls', ['{"path": ']), ...trailer()],
  'repeated-tool': ({ toolUseId }) => {
    const whole = part(toolUseId(), { input: '{"path": "."}', stop: true })
    return [whole, whole, ...trailer()]
  },
  'interleaved-thinking': ({ modelId, toolUseId, sign }) => [
    reasoning('A look first.'),
    signature(sign('A look first.')),
    ...toolUse(toolUseId(), 'ls', ['{"path": "."}']),
    reasoning('And another.'),
    signature(sign('And another.')),
    text('Both at once.', modelId),
    ...toolUse(toolUseId(), 'ls', ['{"path": ".."}']),
    ...modernTrailer,
  ],
  'textual-tool-call': () => [
    text('[Called ls with args: {"path": "."}]\n'),
    text('<function_calls><invoke name="ls"></invoke></function_calls>'),
    ...trailer(),
  ],
  'content-blocked': () => [text('Content blocked by policy.'), ...trailer()],
  'text-after-tool': ({ toolUseId }) => [
    text('Before.'),
    ...toolUse(toolUseId(), 'ls', ['{"path": "."}']),
    text('After.'),
    ...trailer(),
  ],
  'exception-mid-stream': () => [
    text('This answer will '),
    exception('throttlingException', {
      message: 'I am experiencing high traffic, please try again shortly.',
      reason: 'INSUFFICIENT_MODEL_CAPACITY',
    }),
  ],
  'exception-first': () => [
    exception('throttlingException', {
      message: 'I am experiencing high traffic, please try again shortly.',
      reason: 'INSUFFICIENT_MODEL_CAPACITY',
    }),
  ],
  'modelled-exception': () => [
    exception('error', {
      message: 'Encountered unexpectedly high load when processing the request, please try again.',
      reason: 'MODEL_TEMPORARILY_UNAVAILABLE',
    }),
  ],
  'content-length-exception': () => [
    text('So far '),
    exception('ContentLengthExceededException', { message: 'The answer is too long.' }),
  ],
  'invalid-state': () => [
    event('invalidStateEvent', { reason: 'INVALID_TASK_ASSIST_PLAN', message: 'The plan is not valid.' }),
  ],
  empty: () => [],
  'trailer-only': () => trailer(),
  'code-reference': () => [
    text('const answer = 42'),
    text('const answer = 42'),
    event('codeReferenceEvent', {
      references: [
        {
          licenseName: 'MIT',
          repository: 'example/answers',
          url: 'https://example.com/answers',
          recommendationContentSpan: { start: 0, end: 17 },
        },
      ],
    }),
    ...trailer(),
  ],
  /** Code that stands in a tool call: no text is there for its licence. */
  'code-reference-of-call': ({ toolUseId }) => [
    ...toolUse(toolUseId(), 'write', ['{"text": "const answer = 42"}']),
    event('codeReferenceEvent', {
      references: [{ licenseName: 'Apache-2.0', repository: 'example/questions' }],
    }),
    ...trailer(),
  ],
  'web-links': () => [
    text('Two '),
    text('pages.'),
    event('supplementaryWebLinksEvent', {
      supplementaryWebLinks: [
        { url: 'https://example.com/one', title: 'Page one', snippet: 'The first page.' },
        { url: 'javascript:alert(1)', title: 'Not an address' },
      ],
    }),
    ...trailer(),
  ],
  citations: () => [
    text('The sky is blue[1].'),
    event('citationEvent', {
      target: { range: { start: 0, end: 15 } },
      citationText: '1',
      citationLink: 'https://example.com/sky',
    }),
    text(' So is the sea[2].'),
    event('citationEvent', {
      target: { location: 33 },
      citationText: '2',
      citationLink: 'https://example.com/sea',
    }),
    ...trailer(),
  ],
  'document-citations': () => [
    text('It costs 3 euros.'),
    event('documentCitationEvent', {
      source: 'prices.pdf',
      title: 'Prices',
      location: { documentPage: { documentIndex: 0, start: 2, end: 3 } },
      sourceContent: [{ text: 'All for ' }, { text: '3 EUR' }],
    }),
    event('documentCitationEvent', {
      title: 'Notes',
      location: { documentChar: { documentIndex: 1, start: 10, end: 20 } },
      sourceContent: [{ text: 'three euro' }],
    }),
    event('documentCitationEvent', {
      title: 'Handbook',
      location: { documentChunk: { documentIndex: 2, start: 4, end: 6 } },
      sourceContent: [{ text: 'in parts' }],
    }),
    event('documentCitationEvent', {
      location: { web: { url: 'https://example.com/prices', domain: 'example.com' } },
    }),
    event('documentCitationEvent', {
      title: 'A search result',
      location: { searchResult: { searchResultIndex: 0, start: 0, end: 1 } },
    }),
    ...trailer(),
  ],
  gpt: ({ modelId, toolUseId, sign }) => [
    text('Let me ', modelId),
    text('look.', modelId),
    ...toolUse(toolUseId(), 'ls', ['{"path": "."}']),
    reasoning('...'),
    signature(sign('...')),
    ...modernTrailer,
  ],
  'quoted-thinking-tag': () => [
    text('<thinking>The tag `</thinking>` closes'),
    text(' this, not </thinking> amid words.</think'),
    text('ing>\n\nA tag is written `<thinking>`.'),
    ...trailer(),
  ],
  'thinking-tag': () => [text('<thin'), text('king>plan</thinking'), text('>\n\nAnswer'), ...trailer()],
  'content-less': () => [event('assistantResponseEvent', { modelId: 'auto' }), text('ok'), ...trailer()],
  'max-tokens': ({ modelId }) => [
    text('This answer stops in the mid', modelId),
    event('metadataEvent', {
      tokenUsage: { uncachedInputTokens: 10, outputTokens: 8, totalTokens: 18 },
      stopReason: 'MAX_TOKENS',
    }),
    ...trailer(),
  ],
  refusal: () => [
    event('metadataEvent', {
      tokenUsage: { uncachedInputTokens: 10, outputTokens: 0, totalTokens: 10 },
      stopReason: 'CONTENT_FILTERED',
      stopDetails: { refusal: { category: 'safety', explanation: 'The request was refused.' } },
    }),
    ...trailer(),
  ],
  'all-events': () => [
    event('messageMetadataEvent', { conversationId: 'sim', utteranceId: 'utterance-1' }),
    text('Every event. '),
    event('supplementaryWebLinksEvent', {
      supplementaryWebLinks: [{ url: 'https://example.com', title: 'Example' }],
    }),
    event('followupPromptEvent', { followupPrompt: { content: 'And then?' } }),
    event('citationEvent', { target: { location: 3 }, citationLink: 'https://example.com' }),
    event('intentsEvent', { intents: {} }),
    event('interactionComponentsEvent', { interactionComponentEntries: [] }),
    event('toolResultEvent', { toolResult: { toolUseId: 't', content: [{ text: 'x' }] } }),
    event('dryRunSucceedEvent', {}),
    event('assistantResponseEnd', {}),
    ...trailer(),
  ],
  multibyte: () => [text('Grüße, 世界! '), text('👋🏽 — naïve café'), ...trailer()],
  'slow-text': () => [
    ...'one two three four five six seven eight'.split(' ').flatMap((word) => [text(`${word} `), delay(250)]),
    ...trailer(),
  ],
} as const satisfies Record<string, Sequence>

function part(toolUseId: string, rest: object): Step {
  return event('toolUseEvent', { toolUseId, name: 'ls', ...rest })
}

function interleave(first: string, second: string): Step[] {
  return [
    part(first, {}),
    part(second, {}),
    part(first, { input: '{"path": "a"}' }),
    part(second, { input: '{"path": "b"}' }),
    part(first, { stop: true }),
    part(second, { stop: true }),
    ...trailer(),
  ]
}
