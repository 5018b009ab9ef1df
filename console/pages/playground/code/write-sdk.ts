/** A request as a program that uses the vendor's own library. Pure. */
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { WrittenRequest } from '../request/write-request.ts'
import { KEY_NAME } from './write-curl.ts'
import type { DialectName } from '../dialects.ts'

/** The fields that the libraries know; others are passed beside them. */
const known: Readonly<Record<DialectName, string>> = {
  'openai-chat':
    'model messages stream stream_options temperature max_completion_tokens max_tokens tools tool_choice parallel_tool_calls ' +
    'reasoning_effort response_format stop top_p n user',
  'openai-responses':
    'model input instructions stream store temperature max_output_tokens reasoning include tools tool_choice ' +
    'parallel_tool_calls text previous_response_id metadata top_p',
  'anthropic-messages':
    'model messages max_tokens stream system temperature thinking tools tool_choice stop_sequences metadata top_p top_k',
}

function split({ dialect, body }: WrittenRequest): { fields: [string, Json][]; others: JsonObject } {
  const members = Object.entries(body).flatMap(([name, value]): [string, Json][] =>
    value === undefined ? [] : [[name, value]],
  )
  const isKnown = ([name]: [string, Json]) => known[dialect].split(' ').includes(name)
  return {
    fields: members.filter(isKnown),
    others: Object.fromEntries(members.filter((member) => !isKnown(member))),
  }
}

const calls = {
  'openai-chat': 'chat.completions.create',
  'openai-responses': 'responses.create',
  'anthropic-messages': 'messages.create',
} as const

export function writePython(request: WrittenRequest, origin: string): string {
  const { dialect, body } = request
  const { fields, others } = split(request)
  const isAnthropic = dialect === 'anthropic-messages'
  const [library, client] = isAnthropic ? ['anthropic', 'Anthropic'] : ['openai', 'OpenAI']
  const rest: [string, Json][] = Object.keys(others).length === 0 ? [] : [['extra_body', others]]
  const isStreamed = body['stream'] === true
  return [
    'import os',
    `from ${library} import ${client}`,
    '',
    `client = ${client}(base_url=${pythonOf(isAnthropic ? origin : `${origin}/v1`)}, api_key=os.environ["${KEY_NAME}"])`,
    `answer = client.${calls[dialect]}(`,
    ...[...fields, ...rest].map(([name, value]) => `    ${name}=${pythonOf(value, 1)},`),
    ')',
    ...(isStreamed ? ['for event in answer:', '    print(event)'] : ['print(answer)']),
  ].join('\n')
}

export function writeTypeScript(request: WrittenRequest, origin: string): string {
  const { dialect, body } = request
  const { fields, others } = split(request)
  const isAnthropic = dialect === 'anthropic-messages'
  const [library, client] = isAnthropic ? ['@anthropic-ai/sdk', 'Anthropic'] : ['openai', 'OpenAI']
  const isStreamed = body['stream'] === true
  return [
    `import ${client} from '${library}'`,
    '',
    `const client = new ${client}({`,
    `  baseURL: ${JSON.stringify(isAnthropic ? origin : `${origin}/v1`)},`,
    `  apiKey: process.env.${KEY_NAME},`,
    '})',
    `const answer = await client.${calls[dialect]}({`,
    ...fields.map(([name, value]) => `  ${name}: ${literalOf(value)},`),
    // What the library's types do not know may be spread into it.
    ...(Object.keys(others).length === 0 ? [] : [`  ...${literalOf(others)},`]),
    '})',
    ...(isStreamed
      ? ['for await (const event of answer) console.log(JSON.stringify(event))']
      : ['console.log(JSON.stringify(answer, null, 2))']),
  ].join('\n')
}

/** Within an object of its own. */
function literalOf(value: Json): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')
}

/** A literal of Python. Its texts may be escaped as those of JSON are. */
function pythonOf(value: Json, depth = 0): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  const [margin, end] = ['    '.repeat(depth + 1), '    '.repeat(depth)]
  if (!isObject(value)) {
    const items = value.map((item) => `${margin}${pythonOf(item, depth + 1)},\n`)
    return items.length === 0 ? '[]' : `[\n${items.join('')}${end}]`
  }
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${margin}${JSON.stringify(name)}: ${pythonOf(member, depth + 1)},\n`],
  )
  return members.length === 0 ? '{}' : `{\n${members.join('')}${end}}`
}
