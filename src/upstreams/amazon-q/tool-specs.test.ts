import { describe, expect, it } from 'vitest'
import { createConversation } from '../../conversation/conversation.ts'
import type { JsonObject, Tool } from '../../conversation/conversation.ts'
import { createToolNames } from './tool-names.ts'
import { encodeTools } from './tool-specs.ts'

const toolWith = (inputSchema: JsonObject, more: Partial<Tool> = {}): Tool => ({
  name: 'ls',
  description: 'Lists files.',
  inputSchema,
  ...more,
})

function encode(tools: Tool[], schemas: 'full' | 'plain' = 'full') {
  const names = createToolNames(
    tools.map(({ name }) => name),
    [],
  )
  const conversation = createConversation({ model: 'm', turns: [], tools })
  return encodeTools(conversation, { usedNames: new Set(), names, schemas })
}

describe('encodeTools', () => {
  it('tells once of each keyword that some tool lost', () => {
    const tools = [
      toolWith({ type: 'object', not: {} }),
      toolWith({ type: 'object', not: {}, if: {}, $schema: 'x' }, { name: 'cat' }),
    ]
    expect(encode(tools).losses).toEqual([
      { kind: 'tool-schema', detail: 'not' },
      { kind: 'tool-schema', detail: 'if' },
    ])
  })

  it('writes schemas in the form that is asked for', () => {
    const tools = [toolWith({ type: 'object', properties: {}, minProperties: 1 })]
    const schemaOf = (form: 'full' | 'plain') =>
      encode(tools, form).specs[0]?.toolSpecification.inputSchema.json
    expect(schemaOf('full')).toEqual({ type: 'object', properties: {}, minProperties: 1 })
    expect(schemaOf('plain')).toEqual({ type: 'object', properties: {} })
  })

  it('describes a tool that has no description', () => {
    const { specs } = encode([toolWith({}, { description: ' \n' })])
    expect(specs[0]?.toolSpecification.description).toMatch(/\w/)
  })
})
