/** What the load generator asks. */

export interface LoadRequest {
  path: string
  body: string
}

const QUESTION = 'Explain in a few sentences how a language model chooses its next token.'
const SYSTEM = 'You are a careful assistant.'
const MODEL = 'claude-sonnet-4.5'
const TOOL_COUNT = 20

export function chatRequest(stream: boolean): LoadRequest {
  const messages = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: QUESTION },
  ]
  return { path: '/v1/chat/completions', body: JSON.stringify({ model: MODEL, stream, messages }) }
}

/** An agent's conversation in the Anthropic API: tool calls and what they gave, until the body has that many bytes. */
export function longMessagesRequest(bodyBytes: number): LoadRequest {
  const tools = Array.from({ length: TOOL_COUNT }, (_, index) => describeTool(index))
  const frame = { model: MODEL, max_tokens: 4096, stream: false, system: SYSTEM, tools }
  const messages: object[] = []
  let size = JSON.stringify({ ...frame, messages }).length
  for (let index = 0; size < bodyBytes; index += 1) {
    const step = describeStep(index)
    messages.push(...step)
    size += JSON.stringify(step).length
  }
  messages.push({ role: 'user', content: QUESTION })
  return { path: '/v1/messages', body: JSON.stringify({ ...frame, messages }) }
}

/** Each step takes about 4 KB, most of it the file that was read. */
function describeStep(index: number): object[] {
  const id = `toolu_${String(index).padStart(20, '0')}`
  const input = { path: `/src/file-${index}.ts`, startLine: 1, endLine: 80, reason: 'to see what calls it' }
  const file = Array.from(
    { length: 60 },
    (_, line) => `${line}\tconst value${line} = compute("${index}", ${line}) // more of it`,
  )
  return [
    { role: 'user', content: `Now look at file ${index}, and tell what it does.` },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I will read the file first.' },
        { type: 'tool_use', id, name: `read_file_${index % TOOL_COUNT}`, input },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: file.join('\n') }] },
    { role: 'assistant', content: 'It computes values, line by line, and exports none of them.' },
  ]
}

function describeTool(index: number): object {
  return {
    name: `read_file_${index}`,
    description: `Reads a part of a text file of kind ${index}. ${'Use it before you change anything. '.repeat(6)}`,
    input_schema: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'Where the file is, from the root of the project.' },
        startLine: { type: 'integer', minimum: 1, description: 'The first line to read.' },
        endLine: { type: 'integer', minimum: 1, description: 'The last line to read.' },
        reason: { type: 'string', description: 'Why the file is read, in a few words.' },
      },
      required: ['path'],
    },
  }
}
