import { isMap, isSeq, parseDocument } from 'yaml'
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { describeChanges, type Change } from './change.ts'
import type { SettingsFile } from './client-setup.ts'
import { MergeRefused } from './merge-refused.ts'
import { mergeToml } from './merge-toml.ts'
import { mergeValues } from './merge-values.ts'
import { writeContent } from './write-part.ts'

export interface MergedFile {
  text: string
  /** None: all of it is there already. */
  changes: Change[]
}

/** What a settings file becomes; `before`: its text so far. Throws MergeRefused when that is not surely understood. */
export function mergeSettings(file: SettingsFile, before: string | undefined): MergedFile {
  if (before === undefined || before.trim() === '') {
    const { changes } = mergeValues(undefined, file.content)
    return { text: writeContent(file), changes: describeChanges(changes) }
  }
  const merged = mergePlain(file, before.replaceAll('\r\n', '\n'))
  return before.includes('\r\n') ? { ...merged, text: merged.text.replaceAll('\n', '\r\n') } : merged
}

function mergePlain({ format, content }: SettingsFile, before: string): MergedFile {
  switch (format) {
    case 'json':
      return mergeJson(before, content)
    case 'yaml':
      return mergeYaml(before, content)
    case 'toml':
      return mergeToml(before, content)
    default:
      return unreachable(format)
  }
}

function mergeJson(before: string, content: JsonObject): MergedFile {
  const { value, changes } = mergeValues(parseJson(before), content)
  const [, indent = '  '] = /^\s*\{\s*?\n([ \t]+)\S/.exec(before) ?? []
  const end = before.endsWith('\n') ? '\n' : ''
  return { text: JSON.stringify(value, undefined, indent) + end, changes: describeChanges(changes) }
}

function parseJson(text: string): JsonValue {
  let value: JsonValue
  try {
    value = JSON.parse(text)
  } catch {
    throw new MergeRefused('it is not plain JSON: comments would be lost')
  }
  // Digits that numbers of JavaScript do not hold.
  if (/\d{16}/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))) {
    throw new MergeRefused('it has numbers that are too long to be kept as they are')
  }
  return value
}

function mergeYaml(before: string, content: JsonObject): MergedFile {
  const document = parseDocument(before)
  if (document.errors.length > 0) throw new MergeRefused('it is not YAML of one document without mistakes')
  const { value, changes } = mergeValues(readYaml(document) ?? {}, content)
  try {
    for (const { keys, after } of changes) document.setIn(keys, document.createNode(after))
  } catch {
    throw new MergeRefused('it refers to parts of itself')
  }
  const text = document.toString({ lineWidth: 0 })
  const after = parseDocument(text)
  const isAsMeant = after.errors.length === 0 && JSON.stringify(after.toJS()) === JSON.stringify(value)
  if (!isAsMeant) throw new MergeRefused('it has parts that cannot be kept as they are')
  return { text, changes: describeChanges(changes) }
}

function readYaml(document: ReturnType<typeof parseDocument>): JsonValue {
  const { contents } = document
  if (contents !== null && !isMap(contents) && !isSeq(contents))
    throw new MergeRefused('it holds no settings')
  const value: JsonValue = document.toJS()
  return value
}
