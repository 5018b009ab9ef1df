/** Conversations as every client API can tell them, in words of none: what is said, shown, called and answered. */
import type { ImageFormat, JsonObject, JsonValue } from '../../../src/conversation/conversation.ts'
import { imageFormats, images } from '../../sample-images.ts'
import type { Random } from '../hostile/random.ts'

export interface TaleTool {
  name: string
  description: string
  schema: JsonObject
}

export type TalePiece =
  | { kind: 'text'; text: string }
  | { kind: 'image'; format: ImageFormat; base64: string }
  /** One of plain text; its name is like no other. */
  | { kind: 'document'; name: string; text: string }

interface TaleResult {
  callId: string
  pieces: TalePiece[]
}

export interface TaleCall {
  id: string
  name: string
  input: JsonObject
}

export interface UserTurn {
  role: 'user'
  /** One for each call of the turn before, in any order. */
  results: TaleResult[]
  pieces: TalePiece[]
  /** What the system says after it. */
  reminder: string | undefined
}

export interface AssistantTurn {
  role: 'assistant'
  /** Of a model that nobody here can ask whether it is its own. */
  thinking: string | undefined
  texts: string[]
  calls: TaleCall[]
}

export interface Tale {
  system: string[]
  tools: TaleTool[]
  /** Users and assistants by turns, from a user on. */
  turns: (UserTurn | AssistantTurn)[]
  sessionId: string | undefined
  /** False: the model may call no tool any more. */
  mayCall: boolean
}

const LONG = 12_000
/** What careless code trips over, before and after words that nobody else says. */
const AROUND = [
  '',
  '',
  '',
  ' ',
  '\n',
  '\r\n\t',
  'Wörter, 世界 ',
  '👩‍👩‍👧 ',
  '\u202e\u200d\u2028',
  '\0\u0007',
  '\ufeff',
  'e\u0301',
  '\ud83d',
  '\udc4b',
  '\\ud83d \\n \\',
  '"}],"role":"system"',
  '<system-reminder>',
  '</system-instructions>',
  '<thinking>',
  '[image 1 of this message]',
  'data: [DONE]\n\n',
  '```json\n{"a":1}\n```',
  '$& $1 %s {{x}}',
] as const
const BLANKS = ['', ' ', '\n\n', '\u00a0\t'] as const
const TOOL_NAMES = [
  'read',
  'Read',
  'mcp__files__list-everything',
  'run_2',
  '9lives',
  '-dash',
  `mcp__${'long_'.repeat(16)}name`,
  `mcp__${'long_'.repeat(16)}Name`,
  'toString',
  'constructor',
] as const
/** Such as are not declared any more. */
const GONE_NAMES = ['gone_tool', 'older-tool'] as const
const KEYS = ['path', 'Path', 'a.b', '', 'toString', 'constructor', 'ключ', '👋', '0', 'é"\\'] as const
const LEAVES: readonly [JsonValue, ...JsonValue[]] = [
  0,
  -1.5,
  1e21,
  9_007_199_254_740_991,
  true,
  false,
  null,
  '',
  [],
  {},
]
const MOST_IMAGES = 10

/** A text, an image or a call is like no other of its tale, so that a lost or doubled one is missed. */
export function createTale(random: Random): Tale {
  const teller = createTeller(random)
  const turns: Tale['turns'] = []
  let calls: TaleCall[] = []
  const length = 1 + random.below(6)
  for (let index = 0; index < length; index += 1) {
    turns.push(teller.userTurn(calls))
    // A client may also ask for the rest of what an assistant has begun to say.
    const isLast = index === length - 1
    if (isLast && random.below(10) > 0) break
    const answer = teller.assistantTurn(!isLast)
    calls = answer.calls
    turns.push(answer)
  }
  return {
    system: times(random.below(4) === 0 ? 0 : 1 + random.below(2), teller.text),
    tools: teller.tools,
    turns,
    sessionId: random.below(3) === 0 ? teller.mark('session') : undefined,
    mayCall: random.below(10) > 0,
  }
}

const times = <T>(number: number, make: () => T): T[] => Array.from({ length: number }, make)

/** Says things that nobody has said before. */
export function createTeller(random: Random) {
  let count = 0
  let imageCount = 0

  const mark = (name = 'said'): string => {
    count += 1
    return `${name}-${count}.`
  }
  const text = (): string => {
    const filling = random.below(60) === 0 ? 'A long word. '.repeat(LONG / 13) : ''
    return `${random.pick(AROUND)}${mark()}${filling}${random.pick(AROUND)}`
  }
  const textOrBlank = (): string => (random.below(12) === 0 ? random.pick(BLANKS) : text())
  const image = (): TalePiece => {
    imageCount += 1
    const format = random.pick(imageFormats)
    const bytes = [Buffer.from(images[format], 'base64'), Buffer.from(mark('image'))]
    return { kind: 'image', format, base64: Buffer.concat(bytes).toString('base64') }
  }
  const piece = (): TalePiece => {
    if (imageCount < MOST_IMAGES && random.below(5) === 0) return image()
    if (random.below(10) > 0) return { kind: 'text', text: textOrBlank() }
    return { kind: 'document', name: `${mark('notes')}txt`, text: `${mark()} ${text().toWellFormed()}` }
  }

  function value(depth: number): JsonValue {
    const kind = random.below(depth === 0 ? 2 : 4)
    if (kind === 0) return random.pick(LEAVES)
    if (kind === 1) return text()
    if (kind === 2) return times(random.below(4), () => value(depth - 1))
    return object(depth - 1)
  }
  function object(depth: number): JsonObject {
    return Object.fromEntries(times(random.below(4), () => [random.pick(KEYS), value(depth)]))
  }
  const callId = (): string => {
    const kind = random.below(8)
    // Some clients count from the beginning in every turn.
    if (kind === 0) return `call_again_${random.below(2)}`
    if (kind === 1) return `${mark('tooluse')}${'x'.repeat(80)}`
    if (kind === 2) return `ü ${mark('call')}`
    return kind < 5 ? mark('toolu_') : `call_${mark('x').slice(0, -1)}`
  }
  const tool = (name: string): TaleTool => ({
    name,
    description: random.below(6) === 0 ? random.pick(BLANKS) : text(),
    schema: {
      type: 'object',
      properties: { [random.pick(['path', 'a_b', 'a.b-c'])]: { type: 'string', description: text() } },
      ...(random.below(2) === 0 && { additionalProperties: false }),
    },
  })
  const tools = [...new Set(times(random.below(5), () => random.pick(TOOL_NAMES)))].map(tool)

  function calls(): TaleCall[] {
    const ids = new Set(times(random.below(3) === 0 ? 1 + random.below(4) : random.below(2), callId))
    return Array.from(ids, (id) => {
      const chosen = random.below(6) === 0 ? undefined : tools[random.below(tools.length)]
      return { id, name: chosen?.name ?? random.pick(GONE_NAMES), input: object(2) }
    })
  }

  return {
    mark,
    text,
    object,
    tools,
    userTurn(open: readonly TaleCall[]): UserTurn {
      const results = open.map(({ id }) => ({ callId: id, pieces: times(random.below(3), piece) }))
      if (random.below(2) === 0) results.reverse()
      const saysNothing = open.length > 0 && random.below(3) > 0
      const pieces = saysNothing
        ? []
        : [...times(random.below(3), piece), { kind: 'text', text: text() } as const]
      if (random.below(4) === 0 && imageCount < MOST_IMAGES) pieces.unshift(image())
      return { role: 'user', results, pieces, reminder: random.below(8) === 0 ? text() : undefined }
    },
    assistantTurn(mayCall: boolean): AssistantTurn {
      const called = mayCall ? calls() : []
      const isSilent = called.length > 0 && random.below(3) === 0
      const texts = isSilent ? [] : [...times(random.below(2), textOrBlank), text()]
      return {
        role: 'assistant',
        thinking: random.below(5) === 0 ? text() : undefined,
        texts,
        calls: called,
      }
    },
  }
}
