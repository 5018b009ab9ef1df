import type { FieldNotes } from '../field-notes.ts'
import { nameOf, type ToolOffer } from '../read-tool-choice.ts'
import { refuseTooManyTools } from '../tool-count.ts'
import type { ChoiceObject } from '../tool-schema.ts'
import { SEARCH_TOOL } from '../web-search-tool.ts'
import type { ClientTool } from './answer-wishes.ts'
import { clientRunTools, type ClientRunKind } from './client-run-tools.ts'
import { isSearchType } from './read-search-tool.ts'
import { readToolLists, type ToolEntry, type ToolList } from './read-tools.ts'
import { createFreeNames, joinNames } from './unique-names.ts'

/** The client's tools, and what the model calls each of them: it knows neither namespaces nor tools without a schema. */
export interface ToolTable extends ToolOffer {
  clientTools: ReadonlyMap<string, ClientTool>
  /** For the calls of the conversation so far, whose tools need not be declared any more. */
  modelNameOf(name: string, namespace: string | undefined): string
  modelNameOfKind(kind: ClientRunKind | 'web-search'): string
}

/** Types of a choice that name a tool. */
const NAMED_TYPES: ReadonlySet<string> = new Set(['function', 'custom', 'tool'])

type NamedEntry = ToolEntry & { name: string }

/** Of several declarations of one tool the first counts. Throws `invalid-request` for too many. */
export function createToolTable(lists: readonly ToolList[], notes: FieldNotes): ToolTable {
  const { entries, leftOut } = readToolLists(lists, notes)
  const each = distinct(entries)
  // Before names are made up, each of which has to be none of those before it.
  refuseTooManyTools(each)
  const named = nameEntries(each)
  const nameOfTool = new Map(named.map(({ client, name }) => [keyOf(client), name]))
  return {
    tools: named.map(({ tool, name }) => ({ ...tool, name })),
    leftOut,
    clientTools: new Map(named.map(({ name, client }) => [name, client])),
    modelNameOf: (name, namespace) =>
      nameOfTool.get(keyOfName(name, namespace)) ??
      (namespace === undefined ? name : joinNames(namespace, name)),
    modelNameOfKind: (kind) => nameOfTool.get(kind) ?? defaultNameOf(kind),
    namesOf: (choice) => namesMeantBy(choice, named),
  }
}

/** Names that clients chose for a tool alone come first, so that none that was made up here takes their place. */
function nameEntries(entries: readonly ToolEntry[]): NamedEntry[] {
  const freeName = createFreeNames(entries.filter(hasOwnName).map(({ tool }) => tool.name))
  return entries.map((entry) => ({
    ...entry,
    name: hasOwnName(entry) ? entry.tool.name : freeName(entry.tool.name),
  }))
}

function hasOwnName({ client }: ToolEntry): boolean {
  return 'name' in client && client.namespace === undefined
}

function distinct(entries: readonly ToolEntry[]): ToolEntry[] {
  // The map keeps the place of the first and the value of the last, so it is filled from behind.
  const first = new Map(entries.toReversed().map((entry) => [keyOf(entry.client), entry]))
  return [...first.values()].toReversed()
}

function keyOf(client: ClientTool): string {
  return 'name' in client ? keyOfName(client.name, client.namespace) : client.kind
}

function keyOfName(name: string, namespace: string | undefined): string {
  return JSON.stringify([namespace ?? null, name])
}

function defaultNameOf(kind: ClientRunKind | 'web-search'): string {
  if (kind === 'web-search') return SEARCH_TOOL
  return [...clientRunTools.values()].find((each) => each.kind === kind)?.tool.name ?? kind
}

/** A name without a namespace means one within a namespace too, where there is none outside. */
function namesMeantBy(choice: ChoiceObject, named: readonly NamedEntry[]): string[] {
  const meant = named.filter(({ client }) => isMeant(client, choice))
  if (meant.length > 0) return meant.map(({ name }) => name)
  const name = NAMED_TYPES.has(choice.type) ? nameOf(choice) : undefined
  if (name === undefined) return []
  const inside = named.filter(({ client }) => 'name' in client && client.name === name)
  return inside.length === 0 ? [name] : inside.map((each) => each.name)
}

function isMeant(client: ClientTool, choice: ChoiceObject): boolean {
  if (client.kind === 'web-search') return isSearchType(choice.type)
  if (!('name' in client)) return clientRunTools.get(choice.type)?.kind === client.kind
  if (choice.type === 'namespace') return client.namespace === choice.name
  if (!NAMED_TYPES.has(choice.type) || nameOf(choice) !== client.name) return false
  return (choice.namespace ?? undefined) === client.namespace
}
