/** A minimal accepted request and a tool round trip, for the tests of the rules. */

export interface SampleBody {
  conversationState: Record<string, unknown>
  [member: string]: unknown
}

export function user(content: string, more: object = {}) {
  return { userInputMessage: { content, ...more } }
}

export function assistant(content: string, toolUses?: object[]) {
  return { assistantResponseMessage: { content, ...(toolUses && { toolUses }) } }
}

/** A user message that carries results of tools, and declares tools when they are given. */
export function results(toolUseIds: string[], tools?: object[]) {
  const toolResults = toolUseIds.map((toolUseId) => ({
    toolUseId,
    status: 'success',
    content: [{ text: 'a.txt' }],
  }))
  return user('', { userInputMessageContext: { toolResults, ...(tools && { tools }) } })
}

export function use(toolUseId: string, name = 'ls') {
  return { toolUseId, name, input: { path: '.' } }
}

export function tool(name = 'ls', more: object = {}) {
  const json = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
  return { toolSpecification: { name, description: 'List files', inputSchema: { json }, ...more } }
}

export function request(currentMessage: object, history?: object[], more: object = {}): SampleBody {
  return {
    conversationState: { chatTriggerType: 'MANUAL', currentMessage, ...(history && { history }), ...more },
  }
}

/** One request that calls a tool, and its result as the current message. */
export function roundTrip(): SampleBody {
  return request(results(['tooluse_A'], [tool()]), [user('list files'), assistant(' ', [use('tooluse_A')])])
}
