/** What can be asked of the simulator's next answer: by control routes, by tests, and by markers in a prompt. */
import { z } from 'zod'
import type { Refusal } from '../refusal.ts'
import { unreachable } from '../unreachable.ts'
import { brokenStreams } from './broken-streams.ts'
import { text, toolUse, trailer } from './events.ts'
import { refusals } from './refusals.ts'
import { type SequenceContext, sequences } from './sequences.ts'
import { type Step, stepSchema } from './steps.ts'

const refusalSchema = z.strictObject({
  name: z.string(),
  message: z.string(),
  reason: z.string().nullable().optional(),
  status: z.number().optional(),
  extra: z.record(z.string(), z.unknown()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
})

export const behaviourSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('echo') }),
  /** A sequence, a broken stream, an error or a connection fault by its name. */
  z.strictObject({ kind: z.literal('named'), name: z.string().refine(isName, 'no such behaviour') }),
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({
    kind: z.literal('tool'),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
    text: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('steps'), steps: z.array(stepSchema) }),
  z.strictObject({ kind: z.literal('refusal'), refusal: refusalSchema }),
  z.strictObject({ kind: z.literal('page'), status: z.number(), html: z.string() }),
  /** The connection is closed before anything was answered. */
  z.strictObject({ kind: z.literal('no-answer') }),
  /** The same, after the operation has done its work: a token is rotated, and nobody is told the new one. */
  z.strictObject({ kind: z.literal('lost-answer') }),
  /** JSON with status 200, whatever the operation: a list of models that is not as modelled, for instance. */
  z.strictObject({ kind: z.literal('json'), body: z.unknown() }),
  /** Not even a status line, until the client leaves. */
  z.strictObject({ kind: z.literal('hang') }),
])

export type Behaviour = z.infer<typeof behaviourSchema>

/** What is to be played. */
export type Answer =
  | { kind: 'echo' }
  /** `verbatim`: nothing is added, not even the opening event of the awsJson binding. */
  | { kind: 'stream'; steps: Step[]; verbatim?: boolean }
  | { kind: 'refusal'; refusal: Refusal }
  | { kind: 'page'; status: number; html: string }
  | { kind: 'no-answer' }
  | { kind: 'lost-answer' }
  | { kind: 'json'; body: unknown }
  | { kind: 'hang' }

const TEXT_EVENT_CHARACTERS = 64

export function answerFor(behaviour: Behaviour, context: SequenceContext): Answer {
  switch (behaviour.kind) {
    case 'echo':
    case 'hang':
    case 'json':
    case 'lost-answer':
    case 'no-answer':
    case 'page':
    case 'refusal':
      return behaviour
    case 'named':
      return namedAnswer(behaviour.name, context)
    case 'steps':
      return { kind: 'stream', steps: behaviour.steps, verbatim: true }
    case 'text':
      return { kind: 'stream', steps: [...textEvents(behaviour.text), ...trailer()] }
    case 'tool': {
      const use = toolUse(context.toolUseId(), behaviour.name, sliceText(JSON.stringify(behaviour.input), 16))
      const before = behaviour.text === undefined ? [] : textEvents(behaviour.text)
      return { kind: 'stream', steps: [...before, ...use, ...trailer()] }
    }
    default:
      return unreachable(behaviour)
  }
}

/** Text in events of a size as a model would send. */
export function textEvents(content: string, modelId?: string): Step[] {
  return sliceText(content, TEXT_EVENT_CHARACTERS).map((slice) => text(slice, modelId))
}

/** Never cuts between the two halves of a surrogate pair. */
export function sliceText(content: string, size: number): string[] {
  const characters = Array.from(content)
  const count = Math.ceil(characters.length / size)
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  )
}

const pages: Readonly<Record<string, { status: number; html: string }>> = {
  'html-502': { status: 502, html: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
  'html-503': { status: 503, html: '<html><body><h1>503 Service Unavailable</h1></body></html>' },
  'html-413': { status: 413, html: '<html><body><h1>413 Request Entity Too Large</h1></body></html>' },
}

/** Answers to ListAvailableModels that no client should trip over. */
const modelLists: Readonly<Record<string, unknown>> = {
  'empty-model-list': { models: [] },
  'odd-model-list': {
    models: [
      null,
      'claude-sonnet-4',
      {},
      { modelId: 42, modelName: 'A number' },
      { modelId: 'only-an-id' },
      { modelId: 'odd-limits', tokenLimits: null, supportedInputTypes: 'TEXT', promptCaching: [] },
      { modelId: 'odd-fields', additionalModelRequestFieldsSchema: 'none', color: 'red' },
    ],
    defaultModel: null,
  },
  /** A page that always promises another one. */
  'endless-model-list': { models: [{ modelId: 'claude-sonnet-4.5' }], nextToken: '1' },
  'model-list-without-models': { message: 'Nothing to see.' },
}

const streams: Readonly<Record<string, (context: SequenceContext) => Step[]>> = {
  ...sequences,
  ...brokenStreams,
}
const refusalTable: Readonly<Record<string, Refusal>> = refusals

/** Every name that a `named` behaviour or a marker may have. */
export const behaviourNames: readonly string[] = [
  'echo',
  'no-answer',
  'lost-answer',
  'hang',
  ...Object.keys(streams),
  ...Object.keys(refusals),
  ...Object.keys(pages),
  ...Object.keys(modelLists),
]

export function isName(name: string): boolean {
  return behaviourNames.includes(name)
}

function namedAnswer(name: string, context: SequenceContext): Answer {
  if (name === 'echo' || name === 'no-answer' || name === 'lost-answer' || name === 'hang') {
    return { kind: name }
  }
  const stream = streams[name]
  if (stream !== undefined) return { kind: 'stream', steps: stream(context) }
  const refusal = refusalTable[name]
  if (refusal !== undefined) return { kind: 'refusal', refusal }
  const page = pages[name]
  if (page !== undefined) return { kind: 'page', ...page }
  if (name in modelLists) return { kind: 'json', body: modelLists[name] }
  throw new RangeError(`No behaviour is named ${name}.`)
}
