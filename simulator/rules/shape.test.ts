/** The official client's model judges which members exist and which are required. */
import { GenerateAssistantResponseRequest$ } from '@aws/codewhisperer-streaming-client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestSchema } from './shape.ts'

const LIST = 1
const STRUCTURE = 3
const UNION = 4

/** Paths of all members below a schema of the official client; a required one ends in `*`, as does the one choice of a union. */
function officialMembers(schema: unknown, path = ''): string[] {
  const resolved = resolve(schema)
  if (!Array.isArray(resolved)) return []
  const [kind, , , , names, schemas, required = 0]: unknown[] = resolved
  if (kind === LIST) return officialMembers(names, `${path}[]`)
  if ((kind !== STRUCTURE && kind !== UNION) || !Array.isArray(names) || !Array.isArray(schemas)) return []
  return names.flatMap((name: unknown, index) => {
    const member = `${path}.${String(name)}`
    const needed = kind === STRUCTURE ? index < Number(required) : names.length === 1
    const mark = needed ? '*' : ''
    return [member + mark, ...officialMembers(schemas[index], member)]
  })
}

/** Schemas refer to each other by functions, with or without traits beside them. */
function resolve(schema: unknown): unknown {
  if (typeof schema === 'function') return resolve(schema())
  if (Array.isArray(schema) && typeof schema[0] === 'function') return resolve(schema[0])
  return schema
}

/** The same of a JSON Schema. */
function ourMembers(schema: unknown, path = ''): string[] {
  const { properties, items, required = [] } = Object(schema)
  if (items !== undefined) return ourMembers(items, `${path}[]`)
  return Object.entries(Object(properties)).flatMap(([name, member]) => [
    `${path}.${name}${required.includes(name) ? '*' : ''}`,
    ...ourMembers(member, `${path}.${name}`),
  ])
}

describe('the shape of a request', () => {
  const official = officialMembers(GenerateAssistantResponseRequest$)

  it('reads the official model to its leaves', () => {
    const leaf =
      '.conversationState.history[].userInputMessage.userInputMessageContext.tools[].toolSpecification.inputSchema.json'
    expect(official).toContain(leaf)
  })

  it('has exactly the members of the official model, required where it says so', () => {
    const ours = ourMembers(z.toJSONSchema(requestSchema, { unrepresentable: 'any' }))
    expect(ours.toSorted()).toEqual(official.toSorted())
  })
})
