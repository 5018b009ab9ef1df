/** Settings laid into TOML line by line, so that comments and everything else stay as they are. */
import type { JsonObject } from '../conversation/conversation.ts'
import { describeChange, type Change } from './change.ts'
import { MergeRefused } from './merge-refused.ts'
import { readTomlStatements, type TomlStatement } from './toml-statements.ts'
import { tablesOf, writeHead, writePair, type TomlTable } from './write-toml.ts'

type Path = readonly string[]

/** Throws MergeRefused where a setting is there in another form than a line of its own. */
export function mergeToml(before: string, content: JsonObject): { text: string; changes: Change[] } {
  let statements = readTomlStatements(before.endsWith('\n') ? before : `${before}\n`)
  const changes: Change[] = []
  for (const table of tablesOf(content)) {
    const missing = table.pairs.filter(([key]) => find(statements, [...table.path, key]) === undefined)
    for (const [key, value] of table.pairs) {
      const path = [...table.path, key]
      const found = find(statements, path)
      if (found?.value === value) continue
      changes.push(describeChange(path, found?.value, value))
      statements = statements.map((each) => (each === found ? replaceValue(each, value) : each))
    }
    if (missing.length > 0) statements = addPairs(statements, { path: table.path, pairs: missing })
  }
  return { text: statements.map(({ text }) => text).join(''), changes }
}

/** The line of a setting. */
function find(statements: readonly TomlStatement[], path: Path): TomlStatement | undefined {
  const related = statements.filter((each) => isRelated(each, path))
  const [found] = related
  if (found === undefined) return undefined
  const isPlain = related.length === 1 && found.kind === 'pair' && found.path.length === path.length
  if (!isPlain) throw new MergeRefused(`${path.join('.')} is there in another form, or several times`)
  return found
}

/** Whether it sets this, or what this is a part of, or a part of it. A table above it is only its place. */
function isRelated({ kind, path }: TomlStatement, wanted: Path): boolean {
  if (kind === 'blank') return false
  if (kind === 'table') return startsWith(path, wanted)
  return startsWith(wanted, path) || startsWith(path, wanted)
}

function replaceValue(statement: TomlStatement, value: string): TomlStatement {
  const { head, text } = statement
  return { ...statement, value, text: head + value + text.slice(head.length + statement.value.length) }
}

function addPairs(statements: readonly TomlStatement[], { path, pairs }: TomlTable): TomlStatement[] {
  const added = pairs.map(([key, value]): TomlStatement => ({
    kind: 'pair',
    text: writePair([key, value]),
    path: [...path, key],
    head: '',
    value,
  }))
  const head: TomlStatement = { kind: 'table', text: writeHead(path), path, head: '', value: '' }
  const blank: TomlStatement = { kind: 'blank', text: '\n', path, head: '', value: '' }
  const start = path.length === 0 ? 0 : findTable(statements, path)
  if (start === undefined) return [...statements, blank, head, ...added]
  const at = endOfPairs(statements, start)
  const needsGap = at === 0 && statements[0]?.kind !== 'blank'
  return [...statements.slice(0, at), ...added, ...(needsGap ? [blank] : []), ...statements.slice(at)]
}

/** Where its lines begin; undefined where there is none yet. */
function findTable(statements: readonly TomlStatement[], path: Path): number | undefined {
  const heads = statements.filter((each) => each.kind === 'table' && isSame(each.path, path))
  const [head] = heads
  const isDotted = statements.some((each) => each.kind === 'pair' && startsWith(each.path, path))
  if (heads.length > 1 || (head === undefined && isDotted)) {
    throw new MergeRefused(`${path.join('.')} is there in another form, or several times`)
  }
  return head === undefined ? undefined : statements.indexOf(head) + 1
}

/** Behind the last pair of the table whose lines begin there. */
function endOfPairs(statements: readonly TomlStatement[], start: number): number {
  const next = statements.findIndex(
    ({ kind }, index) => index >= start && (kind === 'table' || kind === 'list'),
  )
  const own = statements.slice(start, next === -1 ? undefined : next)
  return start + own.findLastIndex(({ kind }) => kind === 'pair') + 1
}

function startsWith(path: Path, start: Path): boolean {
  return path.length >= start.length && start.every((part, index) => part === path[index])
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && startsWith(one, other)
}
