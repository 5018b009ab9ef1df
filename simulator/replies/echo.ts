/** The default answer: readable text built from the request, or the tool call that it asks for. */
import type { ChatRequest, Tool, UserMessage } from '../rules/shape.ts'
import { declaredTools, toolResultsOf, turnsOf } from '../rules/turns.ts'
import { textEvents } from './behaviour.ts'
import { metadata, toolUse, trailer } from './events.ts'
import { withoutMarkers } from './markers.ts'
import type { SequenceContext } from './sequences.ts'
import type { Step } from './steps.ts'
import { type Thinking, thinkAloud, withoutThinkingTags } from './thinking.ts'

const QUOTED_WORDS = 24
const CHARACTERS_PER_TOKEN = 4
const DEMAND = /\buse the (?:tool )?[`"']?([a-zA-Z][\w-]*)[`"']?(?: tool)?\b/gi

interface EchoContext extends SequenceContext {
  metadataEvents: boolean
  windowTokens: number
  inputTokens: number
  thinking: Thinking
}

export function echo(request: ChatRequest, context: EchoContext): Step[] {
  const current = request.conversationState.currentMessage.userInputMessage
  if (current === undefined) return trailer()
  const steps = [...thinkAloud(context), ...echoMessage(current, request, context)]
  const { inputTokens } = context
  const outputTokens = Math.ceil(JSON.stringify(steps).length / CHARACTERS_PER_TOKEN)
  const percentage = ((inputTokens + outputTokens) / context.windowTokens) * 100
  const usage = context.metadataEvents ? [metadata({ input: inputTokens, output: outputTokens })] : []
  return [...steps, ...usage, ...trailer(percentage, 0.03)]
}

function echoMessage(current: UserMessage, request: ChatRequest, context: EchoContext): Step[] {
  const results = toolResultsOf(current).flatMap(({ content }) =>
    content.map(({ text, json }) => text ?? JSON.stringify(json)),
  )
  if (results.length > 0) return textEvents(`The tool answered: ${results.join('; ')}`, context.modelId)
  const { form } = context.thinking
  const read = form === 'tags' ? withoutThinkingTags(current.content) : current.content
  const prompt = withoutMarkers(read)
  const tool = findDemandedTool(prompt, declaredTools(turnsOf(request)))
  if (tool !== undefined) {
    const input = JSON.stringify(sampleInput(tool))
    const half = input.length >> 1
    return [
      ...textEvents(`I will use ${tool.name}.`, context.modelId),
      ...toolUse(context.toolUseId(), tool.name, [input.slice(0, half), input.slice(half)]),
    ]
  }
  return textEvents(`You said: ${quote(prompt)}`, context.modelId)
}

function quote(prompt: string): string {
  const words = prompt.split(/\s+/)
  const last = words.slice(-QUOTED_WORDS).join(' ')
  return words.length > QUOTED_WORDS ? `… ${last}` : last
}

function findDemandedTool(prompt: string, tools: Tool[]): Tool | undefined {
  const names = Array.from(prompt.matchAll(DEMAND), ([, name]) => name?.toLowerCase())
  return tools.find((tool) => names.includes(tool.name.toLowerCase()))
}

/** A value for each required property. */
function sampleInput({ inputSchema }: Tool): Record<string, unknown> {
  const required = list(member(inputSchema.json, 'required'))
  const properties = member(inputSchema.json, 'properties')
  const entries = required.map((name) => [name, sampleValue(member(properties, String(name)))])
  return Object.fromEntries(entries)
}

function sampleValue(schema: unknown): unknown {
  const [choice] = list(member(schema, 'enum'))
  if (choice !== undefined) return choice
  switch (member(schema, 'type')) {
    case 'number':
    case 'integer':
      return 1
    case 'boolean':
      return true
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return 'example'
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
