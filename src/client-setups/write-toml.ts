import type { JsonObject, JsonValue } from '../conversation/conversation.ts'

export interface TomlTable {
  /** Empty for the lines above the first table. */
  path: readonly string[]
  pairs: readonly (readonly [key: string, value: string])[]
}

export function writeToml(content: JsonObject): string {
  return tablesOf(content)
    .map(({ path, pairs }) => writeHead(path) + pairs.map(writePair).join(''))
    .join('\n')
}

/** Only those that hold something: the ones above them need no line. */
export function tablesOf(content: JsonObject, path: readonly string[] = []): TomlTable[] {
  const entries = Object.entries(content)
  const pairs = entries.flatMap(([key, value]) =>
    isTable(value) ? [] : [[key, JSON.stringify(value)] as const],
  )
  const below = entries.flatMap(([key, value]) => (isTable(value) ? tablesOf(value, [...path, key]) : []))
  return pairs.length === 0 ? below : [{ path, pairs }, ...below]
}

export function writeHead(path: readonly string[]): string {
  return path.length === 0 ? '' : `[${path.map(writeKey).join('.')}]\n`
}

export function writePair([key, value]: readonly [string, string]): string {
  return `${writeKey(key)} = ${value}\n`
}

function writeKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
}

function isTable(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
