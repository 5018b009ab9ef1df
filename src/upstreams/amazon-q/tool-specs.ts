/** The tools of a request, as specifications that the service accepts. */

import type { Conversation, JsonObject } from '../../conversation/conversation.ts'
import type { Loss } from '../../conversation/loss.ts'
import type { RequestForm } from '../upstream.ts'
import type { QTool } from './schema.ts'
import type { ToolNames } from './tool-names.ts'
import { createSchemaGrowth } from './tool-schema-references.ts'
import { encodeToolSchema } from './tool-schema.ts'

/** UTF-8. The official client cuts at 10 004 bytes. */
const MAX_DESCRIPTION_BYTES = 10_000
const CUT_NOTE =
  '\n\n(Cut here. The full description is in the system instructions, under the name of this tool.)'

/** A description that did not fit; it belongs in the system instructions. */
export interface LongDescription {
  name: string
  description: string
}

interface ToolSpecs {
  specs: QTool[]
  longDescriptions: LongDescription[]
  losses: Loss[]
}

interface EncodeOptions {
  /** Names in the history, as the client wrote them. */
  usedNames: ReadonlySet<string>
  names: ToolNames
  schemas: RequestForm['toolSchemas']
}

/**
 * Every name in the history must be declared too (protocol S10, S11), so names that are no longer on offer get a
 * placeholder. With tool choice `none` nothing is on offer beyond that.
 */
export function encodeTools(
  conversation: Conversation,
  { usedNames, names, schemas: form }: EncodeOptions,
): ToolSpecs {
  const specs = new Map<string, QTool>()
  const longDescriptions: LongDescription[] = []
  const lost = new Set<string>()
  const growth = createSchemaGrowth()
  const usedServiceNames = new Set([...usedNames].map((name) => names.toService(name)))
  for (const tool of conversation.tools) {
    const name = names.toService(tool.name)
    if (specs.has(name) || (conversation.toolChoice.kind === 'none' && !usedServiceNames.has(name))) continue
    const schema = encodeToolSchema(tool.inputSchema, { form, growth, lost })
    specs.set(name, specify(name, encodeDescription(tool.description), schema))
    if (!fitsDescription(tool.description)) longDescriptions.push({ name, description: tool.description })
  }
  for (const name of usedServiceNames) {
    if (!specs.has(name)) specs.set(name, placeholder(name))
  }
  const losses = [...lost].map((detail): Loss => ({ kind: 'tool-schema', detail }))
  return { specs: [...specs.values()], longDescriptions, losses }
}

function specify(name: string, description: string, schema: JsonObject): QTool {
  return { toolSpecification: { name, description, inputSchema: { json: schema } } }
}

function encodeDescription(description: string): string {
  if (description.trim() === '') return 'A tool without a description.'
  if (fitsDescription(description)) return description
  return cutToBytes(description, MAX_DESCRIPTION_BYTES - CUT_NOTE.length) + CUT_NOTE
}

function fitsDescription(description: string): boolean {
  return Buffer.byteLength(description) <= MAX_DESCRIPTION_BYTES
}

/** Never splits a character: the encoder stops before one that does not fit. */
function cutToBytes(text: string, maxBytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}

function placeholder(name: string): QTool {
  const description = 'Used earlier in this conversation. It can no longer be called.'
  return specify(name, description, { type: 'object', properties: {} })
}
