/** As much of TOML as it takes to find each setting's place. Throws MergeRefused at what it does not understand. */
import { MergeRefused } from './merge-refused.ts'

export interface TomlStatement {
  kind: 'blank' | 'table' | 'list' | 'pair'
  /** With its line's end. */
  text: string
  /** Of a pair: with that of its table. */
  path: readonly string[]
  /** Of a pair: what stands before its value, and the value. */
  head: string
  value: string
}

const SPACES = /[ \t]*/y
const REST = /(?:#[^\n]*)?(?:\n|$)/y
const KEY = /([\w-]+)|"([^"\\\n]*)"|'([^'\n]*)'/y
/** Parts of a value that stand on one line. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'#[\]{}]+/y
const IN_BRACKETS = /\s+|#[^\n]*/y

export function readTomlStatements(text: string): TomlStatement[] {
  const statements: TomlStatement[] = []
  let table: readonly string[] = []
  for (let at = 0; at < text.length;) {
    const statement = readStatement(text, at, table)
    if (statement.kind === 'table' || statement.kind === 'list') table = statement.path
    statements.push(statement)
    at += statement.text.length
  }
  return statements
}

function readStatement(text: string, start: number, table: readonly string[]): TomlStatement {
  const blank = matchRest(text, start)
  if (blank !== undefined) return { kind: 'blank', text: blank, path: table, head: '', value: '' }
  const first = skipSpaces(text, start)
  if (text[first] === '[') return readTable(text, start, first + 1)
  const key = readPath(text, start)
  if (text[key.end] !== '=') throw refusal(text, start)
  const from = skipSpaces(text, key.end + 1)
  const to = endOfValue(text, from)
  const rest = matchRest(text, to)
  if (rest === undefined || to === from) throw refusal(text, start)
  return {
    kind: 'pair',
    text: text.slice(start, to + rest.length),
    path: [...table, ...key.path],
    head: text.slice(start, from),
    value: text.slice(from, to),
  }
}

function readTable(text: string, start: number, inside: number): TomlStatement {
  const isList = text[inside] === '['
  const { path, end } = readPath(text, isList ? inside + 1 : inside)
  const closing = isList ? ']]' : ']'
  const rest = matchRest(text, end + closing.length)
  if (!text.startsWith(closing, end) || rest === undefined) throw refusal(text, start)
  const whole = text.slice(start, end + closing.length + rest.length)
  return { kind: isList ? 'list' : 'table', text: whole, path, head: '', value: '' }
}

function readPath(text: string, start: number): { path: string[]; end: number } {
  const path: string[] = []
  let end = start
  do {
    if (path.length > 0) end += 1
    end = skipSpaces(text, end)
    const found = execAt(KEY, text, end)
    if (found === null) throw refusal(text, start)
    path.push(found[1] ?? found[2] ?? found[3] ?? '')
    end = skipSpaces(text, end + found[0].length)
  } while (text[end] === '.')
  return { path, end }
}

/** Lists and inline tables may go over several lines, and so may texts in three quotes. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  let at = start
  let end = start
  while (at < text.length) {
    const length = partLength(text, at, depth > 0)
    if (length === 0) break
    const character = text[at] ?? ''
    if ('[{'.includes(character)) depth += 1
    if (']}'.includes(character)) depth -= 1
    if (depth < 0) throw refusal(text, start)
    at += length
    if (character !== ' ' && character !== '\t') end = at
  }
  if (depth > 0) throw refusal(text, start)
  return end
}

function partLength(text: string, at: number, isInBrackets: boolean): number {
  if ('[]{}'.includes(text[at] ?? '')) return 1
  const long = ['"""', "'''"].find((quotes) => text.startsWith(quotes, at))
  if (long !== undefined) return longTextLength(text, at, long)
  const between = match(isInBrackets ? IN_BRACKETS : /[ \t]+/y, text, at)
  return (between ?? match(TOKEN, text, at) ?? '').length
}

function longTextLength(text: string, start: number, quotes: string): number {
  let at = start + quotes.length
  while (at < text.length && !text.startsWith(quotes, at)) at += text[at] === '\\' && quotes === '"""' ? 2 : 1
  if (at >= text.length) throw refusal(text, start)
  at += quotes.length
  // One or two more quotes belong to the text.
  while (text[at] === quotes[0]) at += 1
  return at - start
}

function skipSpaces(text: string, at: number): number {
  return at + (match(SPACES, text, at) ?? '').length
}

/** Spaces, perhaps a comment, and the end of the line; undefined when something else follows. */
function matchRest(text: string, at: number): string | undefined {
  const from = skipSpaces(text, at)
  const rest = match(REST, text, from)
  return rest === undefined ? undefined : text.slice(at, from) + rest
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  return execAt(pattern, text, at)?.[0]
}

/** `pattern` is sticky. */
function execAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** By its number alone: the line may hold a secret. */
function refusal(text: string, at: number): MergeRefused {
  return new MergeRefused(
    `its line ${text.slice(0, at).split('\n').length} is in a form of TOML that is not known here`,
  )
}
