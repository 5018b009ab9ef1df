/** JSON as no library writes it, and what only looks like JSON, in the bodies of the model APIs. */
import { ANCHOR, MODEL } from './body-values.ts'
import type { Random } from './random.ts'

/** `either`: the text is sound, and what it says may be too much or make no sense. */
export type Expected = 'taken' | 'refused' | 'either'

export interface OddBody {
  /** What is odd about it. */
  name: string
  bytes: Buffer
  expected: Expected
}

type Api = 'anthropic-messages' | 'openai-chat' | 'openai-responses'

/** Up to a million levels, members, digits and characters. */
const MOST_MAGNITUDE = 6
const MOST_DEPTH = 128
const MOST_VALUES = 100_000
/** Of the levels that the body itself has around any of its places. */
const OWN_DEPTH = 8
/** Of the values that it has beside them, with as many again to spare. */
const OWN_VALUES = 200

const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  'toString',
  'hasOwnProperty',
  'toJSON',
  'then',
] as const

/** Names of members that no reader looks at, or looks at without judging; what is in them comes out of nothing. */
const unread = ['x_note', 'temperature', 'service_tier'] as const

/** A sound body, with some text of JSON at one of its places. */
interface Frame {
  /** At a place where anything may stand. */
  anywhere(json: string): string
  /** In place of a list that is read. */
  inList(json: string): string
  /** In place of what the user asks, which has to be a text. */
  inText(json: string): string
}

const writeMessages = (parts: { text?: string; messages?: string; more?: string; input?: string }) =>
  `{"model":"${MODEL}","max_tokens":1000,"tools":[{"name":"ls","input_schema":{"type":"object"}}],` +
  `"messages":${parts.messages ?? `[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"ls","input":{"x":${parts.input ?? '1'}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"},{"type":"text","text":${parts.text ?? `"${ANCHOR}"`}}]}]`}${parts.more ?? ''}}`

const writeChat = (parts: { text?: string; messages?: string; more?: string }) =>
  `{"model":"${MODEL}","messages":${parts.messages ?? `[{"role":"user","content":[{"type":"text","text":${parts.text ?? `"${ANCHOR}"`}}]}]`}${parts.more ?? ''}}`

const inSchema = (json: string) => `,"tools":[{"type":"function","function":{"name":"ls","strict":${json}}}]`
const writeResponses = (parts: { text?: string; input?: string; more?: string }) =>
  `{"model":"${MODEL}","input":${parts.input ?? `[{"role":"user","content":[{"type":"input_text","text":${parts.text ?? `"${ANCHOR}"`}}]}]`}${parts.more ?? ''}}`

const frames: Record<Api, (random: Random) => Frame> = {
  'anthropic-messages': (random) => {
    return {
      anywhere: (json) =>
        random.below(3) === 0
          ? writeMessages({ input: json })
          : writeMessages({ more: `,"${random.pick(unread)}":${json}` }),
      inList: (json) =>
        random.below(2) === 0
          ? writeMessages({ messages: json })
          : writeMessages({ more: `,"${random.pick(['tools', 'stop_sequences', 'system'])}":${json}` }),
      inText: (json) => writeMessages({ text: json }),
    }
  },
  'openai-chat': (random) => {
    return {
      anywhere: (json) =>
        writeChat({ more: random.below(3) === 0 ? inSchema(json) : `,"${random.pick(unread)}":${json}` }),
      inList: (json) =>
        random.below(2) === 0
          ? writeChat({ messages: json })
          : writeChat({ more: `,"${random.pick(['tools', 'stop', 'functions', 'modalities'])}":${json}` }),
      inText: (json) => writeChat({ text: json }),
    }
  },
  'openai-responses': (random) => {
    return {
      anywhere: (json) =>
        writeResponses({
          more: random.below(3) === 0 ? `,"metadata":{"a":${json}}` : `,"${random.pick(unread)}":${json}`,
        }),
      inList: (json) =>
        random.below(2) === 0
          ? writeResponses({ input: json })
          : writeResponses({ more: `,"${random.pick(['tools', 'include'])}":${json}` }),
      inText: (json) => writeResponses({ text: json }),
    }
  },
}

/** Numbers of any magnitude up to 10 to the power of so much. */
function magnitude(random: Random, most: number): number {
  return Math.max(1, Math.floor(10 ** ((random.below(1000) / 999) * most)))
}

function nest(depth: number, random: Random): { json: string; levels: number; isWhole: boolean } {
  const [open, close, levels] = random.pick([
    ['[', ']', 1],
    ['{"a":', '}', 1],
    ['[{"a":', '}]', 2],
    ['[1,', ']', 1],
  ])
  const isWhole = random.below(8) > 0
  return {
    json: `${open.repeat(depth)}0${isWhole ? close.repeat(depth) : ''}`,
    levels: levels * depth,
    isWhole,
  }
}

function makeMembers(count: number, random: Random): string {
  const name = random.pick<(nth: number) => string>([
    (nth) => `k${nth}`,
    // Members that look like indexes are kept in another way.
    (nth) => String(nth),
    (nth) => String(nth * 1_000_003),
    () => 'same',
    (nth) => 'x'.repeat(nth % 50),
  ])
  return `{${Array.from({ length: count }, (_, nth) => `"${name(nth)}":0`).join(',')}}`
}

type Make = (random: Random, frame: Frame) => Omit<OddBody, 'name' | 'bytes'> & { text: string | Buffer }

const deep: Make = (random, frame) => {
  const { json, levels, isWhole } = nest(magnitude(random, MOST_MAGNITUDE), random)
  if (!isWhole || levels > MOST_DEPTH) return { text: frame.anywhere(json), expected: 'refused' }
  if (random.below(3) === 0) return { text: frame.inText(json), expected: 'refused' }
  return { text: frame.anywhere(json), expected: levels <= MOST_DEPTH - OWN_DEPTH ? 'taken' : 'either' }
}

const wide: Make = (random, frame) => {
  const count = magnitude(random, MOST_MAGNITUDE)
  const json = random.below(2) === 0 ? makeMembers(count, random) : `[${'0,'.repeat(count)}0]`
  if (count > MOST_VALUES) return { text: frame.anywhere(json), expected: 'refused' }
  return { text: frame.anywhere(json), expected: count < MOST_VALUES - OWN_VALUES ? 'taken' : 'either' }
}

/** Each element of a list that is read is wrong, or says nothing. */
const manyWrong: Make = (random, frame) => {
  const element = random.pick([
    '0',
    'null',
    '{}',
    '[]',
    '""',
    '{"type":"a"}',
    '{"role":"user"}',
    '{"role":"user","content":""}',
    '{"type":"function"}',
    '{"name":"a"}',
    '{"type":0}',
  ])
  const count = magnitude(random, 5)
  return { text: frame.inList(`[${`${element},`.repeat(count)}${element}]`), expected: 'either' }
}

const twice: Make = (random, frame) => {
  const sound = frame.anywhere('1')
  const isLast = random.below(2) === 0
  const other = random.pick(['"model":0', '"model":null', '"model":[]', '"model":""'])
  // Of two members of one name the last one counts.
  const text = isLast ? sound.replace(/}$/, `,${other}}`) : sound.replace('{', `{${other},`)
  return { text, expected: isLast ? 'refused' : 'taken' }
}

const prototypes: Make = (random, frame) => {
  const name = () =>
    Array.from(random.pick(PROTOTYPE_NAMES), (letter) =>
      random.below(5) === 0 ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
    ).join('')
  const value = (depth: number): string =>
    depth === 0 ? '{"polluted":true}' : `{"${name()}":${value(depth - 1)},"${name()}":{"${name()}":1}}`
  const json = value(random.below(6))
  const sound = frame.anywhere(json)
  const everywhere = sound.replaceAll(/\{(?=")/g, () => `{"__proto__":${json},`)
  return { text: random.below(2) === 0 ? sound : everywhere, expected: 'taken' }
}

const numbers: Make = (random, frame) => {
  const json = random.pick([
    '1e400',
    '-1e400',
    '-0',
    '-0.0',
    '1E+999',
    '0e99999',
    '1e-400',
    '9007199254740993',
    `1${'0'.repeat(magnitude(random, MOST_MAGNITUDE))}`,
    `0.${'0'.repeat(magnitude(random, MOST_MAGNITUDE))}1`,
    `1e${'9'.repeat(20)}`,
  ])
  return { text: frame.anywhere(json), expected: 'taken' }
}

const limits: Make = (random, frame) => {
  const json = random.pick(['1e400', '-0.5', '1e-5', '1.5', '9007199254740993'])
  return {
    text: frame
      .anywhere('1')
      .replace(/}$/, `,"max_tokens":${json},"max_output_tokens":${json},"max_completion_tokens":${json}}`),
    expected: 'refused',
  }
}

const surrogates: Make = (random, frame) => {
  const json = random.pick([
    '"\\ud800"',
    '"a\\udfff"',
    '"\\udc00\\ud800"',
    `"${'\\ud800'.repeat(magnitude(random, 4))}"`,
    '"\\u0000"',
    '"\\ud83d\\ude00"',
  ])
  return {
    text: random.below(2) === 0 ? frame.inText(json) : frame.anywhere(`{${json}:${json}}`),
    expected: 'taken',
  }
}

const escapes: Make = (random, frame) => {
  const piece = random.pick(['\\u0061', '\\\\', '\\"', '\\n', '[{', '\\/', 'é', '\u{1F6B0}'])
  return { text: frame.anywhere(`"${piece.repeat(magnitude(random, MOST_MAGNITUDE))}"`), expected: 'taken' }
}

/** Which are no JSON, or no text. */
const otherWords: Make = (random, frame) => {
  const json = random.pick([
    'NaN',
    'Infinity',
    '-Infinity',
    'undefined',
    'None',
    'True',
    "'a'",
    '`a`',
    '01',
    '+1',
    '.5',
    '1.',
    '0x10',
    '1_000',
    '1n',
    '--1',
    '"a\nb"',
    '"\t"',
    '"\\x41"',
    '"\\u12"',
    '"\\',
    '[1,]',
    '[,]',
    '{"a":1,}',
    '{a:1}',
    '{"a"}',
    '{"a":}',
    '{1:1}',
    '1 2',
    '/* a */1',
    '1 // a\n',
    '#a\n1',
    '...',
    '',
  ])
  return { text: frame.anywhere(json), expected: 'refused' }
}

const trailing: Make = (random, frame) => {
  const sound = frame.anywhere('1')
  const [text, expected] = random.pick<[string, Expected]>([
    [`${sound}x`, 'refused'],
    [`${sound}}`, 'refused'],
    [`${sound}${sound}`, 'refused'],
    [`${sound}\n${sound}`, 'refused'],
    [`${sound},`, 'refused'],
    [`${sound}\0`, 'refused'],
    [`${sound}\u00a0`, 'refused'],
    [`)]}'\n${sound}`, 'refused'],
    [`data: ${sound}\n\n`, 'refused'],
    [`[${sound}]`, 'refused'],
    [`callback(${sound})`, 'refused'],
    [JSON.stringify(sound), 'refused'],
    [sound.slice(0, -1 - random.below(sound.length - 1)), 'refused'],
    [`${' '.repeat(magnitude(random, MOST_MAGNITUDE))}${sound}\r\n\t `, 'taken'],
    ['null', 'refused'],
    ['1', 'refused'],
    ['[]', 'refused'],
    ['{}', 'refused'],
    [' ', 'refused'],
    ['', 'refused'],
  ])
  return { text, expected }
}

const encodings: Make = (random, frame) => {
  const sound = Buffer.from(frame.inText('"数据 é"'))
  const wide16 = Buffer.from(sound.toString(), 'utf16le')
  const at = sound.indexOf('数')
  const spoil = (bytes: number[]) =>
    Buffer.concat([sound.subarray(0, at), Buffer.from(bytes), sound.subarray(at)])
  const mark = Buffer.from([0xef, 0xbb, 0xbf])
  const [text, expected] = random.pick<[Buffer, Expected]>([
    [Buffer.concat([mark, sound]), 'taken'],
    [Buffer.concat([mark, mark, sound]), 'refused'],
    [Buffer.concat([sound, mark]), 'refused'],
    [wide16, 'refused'],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), wide16]), 'refused'],
    [Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(wide16).swap16()]), 'refused'],
    [Buffer.from(wide16).swap16(), 'refused'],
    [spoil([0xff]), 'refused'],
    [spoil([0xc0, 0x80]), 'refused'],
    [spoil([0xed, 0xa0, 0x80]), 'refused'],
    [spoil([0xf4, 0x90, 0x80, 0x80]), 'refused'],
    [spoil([0xe6, 0x95]), 'refused'],
    [Buffer.concat([sound, Buffer.from([0x80])]), 'refused'],
    [random.bytes(1 + random.below(2000)), 'refused'],
  ])
  return { text, expected }
}

const makers: Record<string, Make> = {
  deep,
  wide,
  manyWrong,
  twice,
  prototypes,
  numbers,
  limits,
  surrogates,
  escapes,
  otherWords,
  trailing,
  encodings,
}

/** Each kind in turn. */
export function oddBody(api: Api, nth: number, random: Random): OddBody {
  const kinds = Object.entries(makers)
  const [name, make] = kinds[nth % kinds.length] ?? ['trailing', trailing]
  const { text, expected } = make(random, frames[api](random))
  return { name, bytes: Buffer.isBuffer(text) ? text : Buffer.from(text), expected }
}
