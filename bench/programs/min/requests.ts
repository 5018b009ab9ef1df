/** Requests of both client APIs, believed as they are, become the service's conversation. */

export interface ChatRequest {
  stream?: boolean
  messages: { role: string; content: string }[]
}

type Block =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: object }
  | { type: 'tool_result'; tool_use_id: string; content: string }

export interface MessagesRequest {
  system: string
  messages: { role: 'user' | 'assistant'; content: string | Block[] }[]
  tools: { name: string; description: string; input_schema: object }[]
}

const surroundings = { conversationId: 'bench', chatTriggerType: 'MANUAL' }

export function chatToService({ messages }: ChatRequest): object {
  const content = messages.map((message) => message.content).join('\n\n')
  return { ...surroundings, currentMessage: { userInputMessage: { content, modelId: 'bench' } } }
}

export function messagesToService({ system, messages, tools }: MessagesRequest): object {
  const turns = messages.map(({ role, content }) => {
    const blocks: Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    return role === 'user' ? userMessage(blocks) : assistantMessage(blocks)
  })
  const current = turns.pop()
  const specs = tools.map(({ name, description, input_schema: json }) => ({
    toolSpecification: { name, description, inputSchema: { json } },
  }))
  return { ...surroundings, system, history: turns, currentMessage: current, tools: specs }
}

function userMessage(blocks: readonly Block[]): object {
  const toolResults = blocks.flatMap((block) =>
    block.type === 'tool_result'
      ? [{ toolUseId: block.tool_use_id, content: [{ text: block.content }], status: 'success' }]
      : [],
  )
  return { userInputMessage: { content: textOf(blocks), userInputMessageContext: { toolResults } } }
}

function assistantMessage(blocks: readonly Block[]): object {
  const toolUses = blocks.flatMap((block) =>
    block.type === 'tool_use' ? [{ toolUseId: block.id, name: block.name, input: block.input }] : [],
  )
  return { assistantResponseMessage: { content: textOf(blocks), toolUses } }
}

function textOf(blocks: readonly Block[]): string {
  return blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')
}
