/** Conversations as they really happen, told without any API's words: interrupted, doubled, out of order. */
import fc from 'fast-check'

export interface Story {
  model: string
  systemTexts: number
  tools: StoryTool[]
  steps: Step[]
  thinking: 'unsaid' | 'off' | 'budget' | 'adaptive'
  effort: 'low' | 'high' | 'max' | undefined
  outputLimit: number
}

export interface StoryTool {
  name: string
  /** How long its description is. */
  description: 'none' | 'short' | 'long'
  schema: 'plain' | 'rich'
}

export type Step =
  | {
      kind: 'user'
      texts: number
      images: number
      documents: ('txt' | 'pdf')[]
      results: { of: Answered; order: 'given' | 'reversed'; image: ResultImage; failed: boolean }
    }
  | {
      kind: 'assistant'
      texts: number
      thinking: 'none' | 'unsigned' | 'signed' | 'redacted'
      /** Names of the tools it calls. */
      calls: string[]
    }
  | { kind: 'system' }

/** Whether a result brings an image, and one that anybody can see. */
type ResultImage = 'none' | 'whole' | 'broken'

/** Which of the open calls get a result: `twice` gives each two, `strangers` answers a call that nobody made. */
type Answered = 'none' | 'first' | 'all' | 'twice' | 'strangers'

const NAMES = [
  'read',
  'Read',
  'mcp__files__list-everything',
  'a b',
  `mcp__${'long_'.repeat(16)}name`,
  '9lives',
]

const someTool = fc.record<StoryTool>({
  name: fc.constantFrom(...NAMES),
  description: fc.constantFrom('none', 'short', 'short', 'long'),
  schema: fc.constantFrom('plain', 'rich'),
})

const someUser = fc.record<Extract<Step, { kind: 'user' }>>({
  kind: fc.constant('user'),
  texts: fc.integer({ min: 0, max: 2 }),
  images: fc.constantFrom(0, 0, 0, 1, 2),
  documents: fc.constantFrom([], [], [], ['txt'], ['pdf', 'txt']),
  results: fc.record({
    of: fc.constantFrom<Answered[]>('none', 'first', 'all', 'all', 'all', 'twice', 'strangers'),
    order: fc.constantFrom('given', 'reversed'),
    image: fc.constantFrom<ResultImage[]>('none', 'whole', 'broken'),
    failed: fc.boolean(),
  }),
})

const someAssistant = fc.record<Extract<Step, { kind: 'assistant' }>>({
  kind: fc.constant('assistant'),
  texts: fc.integer({ min: 0, max: 2 }),
  thinking: fc.constantFrom('none', 'none', 'unsigned', 'signed', 'redacted'),
  calls: fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }),
})

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: someUser },
  { weight: 5, arbitrary: someAssistant },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'system' }) },
)

/** Begins with something that a person says, so that there always is a question. */
const opening: Step = {
  kind: 'user',
  texts: 1,
  images: 0,
  documents: [],
  results: { of: 'none', order: 'given', image: 'none', failed: false },
}

export const someStory: fc.Arbitrary<Story> = fc.record({
  model: fc.constantFrom('claude-sonnet-4.5', 'claude-opus-4-6', 'claude-haiku-4-5-20251001', 'deepseek-3.2'),
  systemTexts: fc.integer({ min: 0, max: 2 }),
  tools: fc.uniqueArray(someTool, { maxLength: 4, selector: ({ name }) => name }),
  steps: fc.array(someStep, { maxLength: 9 }).map((steps): Step[] => [opening, ...steps]),
  thinking: fc.constantFrom('unsaid', 'unsaid', 'off', 'budget', 'adaptive'),
  effort: fc.constantFrom(undefined, undefined, 'low', 'high', 'max'),
  outputLimit: fc.constantFrom(1, 1000, 32_000, 1_000_000),
})
