/** How captured bodies are shown and copied, as pure functions of what the gateway keeps. */
import type { CapturedBodies, CapturedBody } from '../../../api/types.ts'

/** JSON with line breaks; everything else as it is. */
export function writePretty({ form, text }: Pick<CapturedBody, 'form' | 'text'>): string {
  const value = form === 'json' ? parse(text) : undefined
  return value === undefined ? text : JSON.stringify(value, undefined, 2)
}

export interface Passage {
  kind: 'thinking' | 'text' | 'tool'
  text: string
}

/** What a stream of any of the three dialects says, without the events that it came in. */
export function joinStream(stream: string): Passage[] {
  const passages: Passage[] = []
  for (const line of stream.split('\n')) {
    const event = line.startsWith('data: ') ? parse(line.slice('data: '.length)) : undefined
    for (const { kind, text } of readDeltas(event)) {
      const last = passages.at(-1)
      if (last?.kind === kind) last.text += text
      else if (text !== '') passages.push({ kind, text })
    }
  }
  return passages
}

function readDeltas(event: unknown): Passage[] {
  const type = textAt(event, 'type')
  const delta = memberOf(event, 'delta')
  const found: [Passage['kind'], unknown][] =
    typeof delta === 'string'
      ? [[kindOfResponses(type), delta]]
      : [
          ...fromChat(memberOf(first(memberOf(event, 'choices')), 'delta')),
          ['thinking', memberOf(delta, 'thinking')],
          ['text', memberOf(delta, 'text')],
          ['tool', memberOf(memberOf(event, 'content_block'), 'name')],
          ['tool', memberOf(delta, 'partial_json')],
          [
            'tool',
            type === 'response.output_item.added' ? memberOf(memberOf(event, 'item'), 'name') : undefined,
          ],
        ]
  return found.flatMap(([kind, text]) => (typeof text === 'string' ? [{ kind, text }] : []))
}

function fromChat(delta: unknown): [Passage['kind'], unknown][] {
  const call = memberOf(first(memberOf(delta, 'tool_calls')), 'function')
  return [
    ['thinking', memberOf(delta, 'reasoning_content')],
    ['text', memberOf(delta, 'content')],
    ['tool', memberOf(call, 'name')],
    ['tool', memberOf(call, 'arguments')],
  ]
}

function kindOfResponses(type: string): Passage['kind'] {
  if (type.includes('reasoning')) return 'thinking'
  return type.includes('arguments') ? 'tool' : 'text'
}

/** For a shell; the key is not in what is kept, so a placeholder stands for it. */
export function writeCurl(
  { path, request }: Pick<CapturedBodies, 'path' | 'request'>,
  origin: string,
): string {
  const version = path.endsWith('/messages') ? [`-H 'anthropic-version: 2023-06-01'`] : []
  return [
    `curl -sS ${quote(origin + path)}`,
    `-H 'content-type: application/json'`,
    `-H "authorization: Bearer $AQUEDUCT_KEY"`,
    ...version,
    `--data-raw ${quote(request?.text ?? '{}')}`,
  ].join(' \\\n  ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

const KILOBYTE = 1000

/** 12.3 kB */
export function splitBytes(bytes: number): { count: number; unit: 'B' | 'kB' | 'MB' } {
  if (bytes < KILOBYTE) return { count: bytes, unit: 'B' }
  if (bytes < KILOBYTE * KILOBYTE) return { count: Math.round(bytes / (KILOBYTE / 10)) / 10, unit: 'kB' }
  return { count: Math.round(bytes / (KILOBYTE * (KILOBYTE / 10))) / 10, unit: 'MB' }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined
}

function textAt(value: unknown, name: string): string {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : ''
}
