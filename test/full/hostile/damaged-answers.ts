/**
 * Answers of the service that make sense, what can happen to them on their way, and what may be heard of them: an error
 * after exactly what came before the damage, or all of it where no checksum tells that it is not what was sent.
 */
import { z } from 'zod'
import type { FailureKind } from '../../../src/conversation/failures.ts'
import { encodeEvent, officialCodec } from '../../encode-event.ts'
import { tellsOf, type Form, type Heard } from './heard.ts'
import { damages, sealedFrame } from './hostile-frames.ts'
import type { Random } from './random.ts'
import { readByReference, type ReferenceFrame } from './reference-decoder.ts'

export interface DamagedAnswer {
  damage: string
  stream: Buffer
}

const TEXTS = [
  'Grüße, ',
  '世界! ',
  '👋🏽',
  ' — naïve < café </',
  ' "\\ \u2028 ',
  'x',
  '\n\n',
  '{"a":1}',
] as const
const INPUTS = ['{"path":"/höme/👋🏽"}', '{"path":"a","text":"naïve\\n\\"café\\""}', '{"path":"."}'] as const
const BYTES_OF_100_MB = 100 * 1024 * 1024

const event = (name: string, payload: object) => encodeEvent(name, JSON.stringify(payload))

/** Text, calls one after the other or at the same time, and what answers end with. */
function soundFrames(random: Random): [Buffer, ...Buffer[]] {
  const texts = Array.from({ length: random.below(8) }, () =>
    event('assistantResponseEvent', { content: random.pick(TEXTS) }),
  )
  const calls = Array.from({ length: random.below(3) }, (_, index) => callFrames(`call_${index}`, random))
  const trailer = event('meteringEvent', { usage: 0.03, unit: 'credit' })
  const thought = event('reasoningContentEvent', { text: 'Let me think.' })
  const called = random.below(2) === 0 ? calls.flat() : interleave(calls)
  return [random.pick([thought, event('initial-response', {})]), ...texts, ...called, trailer]
}

function callFrames(toolUseId: string, random: Random): Buffer[] {
  const slices = random.pick(INPUTS).match(/.{1,7}/gsu) ?? []
  const fragments = slices.map((input) => event('toolUseEvent', { toolUseId, name: 'ls', input }))
  return [...fragments, event('toolUseEvent', { toolUseId, name: 'ls', stop: true })]
}

function interleave<T>(rows: readonly T[][]): T[] {
  const longest = Math.max(0, ...rows.map(({ length }) => length))
  return Array.from({ length: longest }, (_, index) =>
    rows.flatMap((row) => row.slice(index, index + 1)),
  ).flat()
}

/** What stands in place of one frame. */
type Change = (frame: Buffer, random: Random, other: Buffer) => Buffer

const withHeaders = (headers: Record<string, string>, payload: Uint8Array): Buffer =>
  Buffer.from(
    officialCodec.encode({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, { type: 'string', value } as const]),
      ),
      body: payload,
    }),
  )

const KNOWN_EVENTS = ['assistantResponseEvent', 'codeEvent', 'toolUseEvent', 'reasoningContentEvent'] as const

/** Beside what happens to bytes: frames that are sound and make no sense. */
const changes = {
  ...damages,
  unknownEvent: (frame, random) =>
    Buffer.concat([encodeEvent(`event${random.below(100)}`, random.bytes(random.below(50))), frame]),
  unknownType: (frame, random) =>
    Buffer.concat([
      withHeaders({ ':message-type': 'progress', x: 'y' }, random.bytes(random.below(50))),
      frame,
    ]),
  notJson: (_frame, random) =>
    encodeEvent(random.pick(KNOWN_EVENTS), random.pick(['', '{', '[1', 'no', '{"content":"', '\u0000'])),
  otherJson: (_frame, random) =>
    encodeEvent(
      random.pick(KNOWN_EVENTS),
      random.pick([
        'null',
        '7',
        '"text"',
        '[]',
        '{"content":7,"text":7,"input":7}',
        '{"content":{},"text":[],"stop":1}',
        '{"__proto__":{"content":"x"}}',
        '{"toolUseId":"","name":""}',
      ]),
    ),
  unknownException: (_frame, random) =>
    withHeaders(
      random.pick<Record<string, string>>([
        { ':message-type': 'exception', ':exception-type': 'brandNewException' },
        { ':message-type': 'error', ':error-code': '7', ':error-message': 'new' },
        { ':message-type': 'exception' },
      ]),
      random.pick([Buffer.from('{"message":"new"}'), random.bytes(9)]),
    ),
  /** The frames themselves are sound. */
  swapped: (frame, _random, other) => Buffer.concat([other, frame]),
  huge: (_frame, random) =>
    sealedFrame(random.pick([BYTES_OF_100_MB, 2 ** 31, 0xffffffff, 2 ** 24 + 1, 0, 1, 15])),
} as const satisfies Record<string, Change>

const CHANGE_NAMES: readonly string[] = Object.keys(changes)

export function createDamagedAnswer(random: Random): DamagedAnswer {
  const frames = soundFrames(random)
  const damage = CHANGE_NAMES[random.below(CHANGE_NAMES.length)] ?? 'none'
  const change: Change = Reflect.get(changes, damage)
  const at = random.below(frames.length)
  const damaged = frames.map((frame, index) =>
    index === at ? change(frame, random, random.pick(frames)) : frame,
  )
  // Where the rest never comes, what is wrong must show all the same.
  const rest = random.below(4) === 0 ? damaged.slice(0, at + 1) : damaged
  return { damage, stream: Buffer.concat(rest) }
}

interface Call {
  input: string
  isStopped: boolean
  /** What was said before it began. */
  textBefore: string
}

/** What a plain reader makes of the frames that are sound. */
interface Expected {
  text: string
  calls: Call[]
  /** Whether the model thought aloud: such an answer is none that is empty. */
  hasThinking: boolean
  /** Whether it breaks off, or makes no sense, before its end. */
  isBroken: boolean
}

const content = z.looseObject({ content: z.string().nullish() })
const thought = z.looseObject({
  text: z.string().nullish(),
  signature: z.string().nullish(),
  redactedContent: z.string().nullish(),
})
const slice = z.looseObject({
  toolUseId: z.string().nullish(),
  name: z.string().nullish(),
  input: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  stop: z.boolean().nullish(),
})

/** A list stands for an object that says nothing. */
const nothing = z.array(z.unknown()).transform((): z.output<typeof thought> => ({}))

function expectOf(stream: Buffer): Expected {
  const { frames, failed } = readByReference(stream)
  const texts = createTextReader()
  const calls = createCallReader(texts.said)
  let hasThinking = false

  /** False: the answer fails here. */
  function readFrame({ messageType, name, payload }: ReferenceFrame): boolean {
    const isText = messageType === 'event' && (name === 'assistantResponseEvent' || name === 'codeEvent')
    const json = parse(payload)
    if (isText) return texts.read(json)
    texts.release()
    if (messageType !== 'event' || name === 'invalidStateEvent') return false
    if (name === 'toolUseEvent') return calls.read(json)
    if (name === 'reasoningContentEvent') return readThought(json)
    // Of those that are read at all, one that is no JSON cannot be read.
    return (
      name === '' || json !== undefined || !/^(metadata|metering|contextUsage|code|supple|doc)/.test(name)
    )
  }

  function readThought(json: unknown): boolean {
    const read = thought.or(nothing).safeParse(json)
    hasThinking ||= Boolean(read.data?.text) || Boolean(read.data?.redactedContent)
    return read.success
  }

  const isBroken = !frames.every(readFrame) || failed
  if (!isBroken) texts.release()
  return { text: texts.said(), calls: calls.all(), hasThinking, isBroken }
}

/** A text that is the same as the one before waits for the next event: the service may not mean it. */
function createTextReader() {
  let said = ''
  let latest = ''
  let held = ''

  function release(): void {
    said += held
    held = ''
  }

  return {
    said: () => said,
    release,
    /** False: it is none. */
    read(json: unknown): boolean {
      const read = content.or(nothing.transform(() => ({ content: '' }))).safeParse(json)
      if (!read.success) return false
      release()
      const text = read.data.content ?? ''
      if (text === latest) held = text
      else said += text
      latest = text || latest
      return true
    },
  }
}

function createCallReader(said: () => string) {
  const calls = new Map<string, Call>()
  let latestId = ''
  return {
    all: () => [...calls.values()],
    /** False: it is a slice of none. Whether a call is one shows when its turn has come: they are heard one after the other. */
    read(json: unknown): boolean {
      const read = slice.safeParse(json)
      if (!read.success) return false
      const { toolUseId, name, input, stop } = read.data
      const id = toolUseId || latestId
      const call = calls.get(id) ?? { input: '', isStopped: false, textBefore: said() }
      if (id === '' || (!calls.has(id) && !name)) return false
      if (call.isStopped) return true
      latestId = id
      calls.set(id, call)
      call.input += typeof input === 'string' ? input : ''
      call.isStopped = stop === true
      return true
    },
  }
}

function isWhole({ input, isStopped }: Call): boolean {
  return isStopped && isObject(input)
}

/** Undefined: it is a whole answer, and nothing else may come of it. */
function failureOf({ text, calls, hasThinking, isBroken }: Expected): FailureKind | undefined {
  if (isBroken || !calls.every(isWhole)) return 'interrupted'
  return text === '' && calls.length === 0 && !hasThinking ? 'empty-reply' : undefined
}

/** What is said in a stream whatever comes after it: what comes after a call waits for its end. */
function saidOf({ text, calls }: Expected): string {
  return calls.find((call) => !isWhole(call))?.textBefore ?? text
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString())
  } catch {
    return undefined
  }
}

function isObject(input: string): boolean {
  if (input.trim() === '') return true
  return z.record(z.string(), z.unknown()).safeParse(parse(Buffer.from(input))).success
}

/** Says what is wrong with what was heard of the bytes; undefined: nothing. */
export function faultOf(form: Form, stream: Buffer, heard: Heard): string | undefined {
  const expected = expectOf(stream)
  const { text, calls, wholeCalls, end } = heard
  const inputs = expected.calls.map(({ input }) => (input.trim() === '' ? '{}' : input))
  const whole = expected.calls.filter(isWhole).length
  if (!expected.text.startsWith(text)) return `the text ${text} is no prefix of ${expected.text}`
  if (!(form.stream ? arePrefixes : areAmong)(calls, inputs)) return `calls ${calls.join()}`
  if (calls.length > inputs.length || wholeCalls > whole) return `${wholeCalls} whole calls of ${whole}`
  return end === undefined ? faultOfFailure(form, expected, heard) : faultOfEnd(form, expected, heard)
}

function faultOfFailure(form: Form, expected: Expected, heard: Heard): string | undefined {
  const kind = failureOf(expected)
  if (kind === undefined) return `no end of a whole answer, and the error ${JSON.stringify(heard.error)}`
  if (!tellsOf(form, heard, kind)) return `no end, and the error ${JSON.stringify(heard.error)}`
  const said = saidOf(expected)
  return form.stream && heard.text !== said
    ? `the text ${heard.text} before the error, not ${said}`
    : undefined
}

function faultOfEnd(form: Form, expected: Expected, heard: Heard): string | undefined {
  const { text, calls, wholeCalls, end, error } = heard
  if (error !== undefined) return 'a proper end, and an error'
  if (isCutCall(form, heard, expected)) return undefined
  if (failureOf(expected) !== undefined) return `the end ${end} of an answer that has none`
  const all = expected.calls.length
  const isAll = text === expected.text && calls.length === all && wholeCalls === all
  return isAll ? undefined : 'an end before all was said'
}

function arePrefixes(calls: readonly string[], inputs: readonly string[]): boolean {
  return calls.every((input, index) => inputs[index]?.startsWith(input) === true)
}

/** In order; without the one in which the answer broke off. */
function areAmong(calls: readonly string[], inputs: readonly string[]): boolean {
  let from = 0
  return calls.every((call) => {
    const at = inputs.findIndex((input, index) => index >= from && isSameJson(call, input))
    from = at + 1
    return at >= 0
  })
}

function isSameJson(one: string, other: string): boolean {
  return JSON.stringify(parse(Buffer.from(one))) === JSON.stringify(parse(Buffer.from(other)))
}

/** An answer that is not streamed goes out without the call in which it broke off, and says so. */
function isCutCall({ stream }: Form, { repairs, text, calls }: Heard, expected: Expected): boolean {
  const saysSo = !stream && repairs.includes('without-cut-call') && expected.calls.length > calls.length
  return saysSo && text === saidOf(expected) && (text !== '' || calls.length > 0)
}
