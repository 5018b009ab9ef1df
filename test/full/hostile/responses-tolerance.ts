/** What the Responses API takes here, by docs/compatibility.md and its types. */
import {
  anything,
  doubtful,
  elements,
  flag,
  name,
  needed,
  objects,
  optional,
  options,
  struct,
  text,
  texts,
  type Rule,
  type Tolerance,
} from './tolerance.ts'

const domain = {
  string: (value: string) => (value === '' || value.length > 255 ? 'refused' : 'harmless'),
} as const
const content = { ...text, ...elements }
const element = needed(struct)
const tag: Rule = { ...needed({}), string: 'doubtful' }

const unheeded = [
  'temperature',
  'top_p',
  'top_logprobs',
  'truncation',
  'user',
  'service_tier',
  'safety_identifier',
  'prompt_cache_retention',
  'context_management',
  // What is not understood asks for nothing.
  'reasoning',
  'max_tool_calls',
  'stream_options',
].flatMap((member): [string, Rule][] => [
  [member, anything],
  [`${member}.**`, anything],
])

/** Not there in any form. */
const missing: Rule = {
  absent: 'harmless',
  null: 'harmless',
}

const parts = (at: string): Record<string, Rule> => ({
  [`${at}[input_text]`]: element,
  [`${at}[input_text].type`]: tag,
  [`${at}[input_text].text`]: needed(text),
  [`${at}[output_text]`]: element,
  [`${at}[output_text].type`]: tag,
  [`${at}[output_text].text`]: needed(text),
  [`${at}[output_text].annotations`]: anything,
  [`${at}[refusal]`]: element,
  [`${at}[refusal].type`]: tag,
  [`${at}[refusal].refusal`]: needed(text),
  [`${at}[input_image]`]: element,
  [`${at}[input_image].type`]: tag,
  [`${at}[input_image].detail`]: anything,
  [`${at}[input_image].image_url`]: { ...needed({}), string: 'doubtful', object: 'refused' },
  [`${at}[input_file]`]: element,
  [`${at}[input_file].type`]: tag,
  [`${at}[input_file].detail`]: anything,
  [`${at}[input_file].file_data`]: { ...needed({}), string: 'doubtful' },
  [`${at}[input_file].filename`]: optional(text),
})

/** A message is known by its role, also where it has no type. */
const message = (at: string): Record<string, Rule> => ({
  [at]: element,
  [`${at}.type`]: doubtful,
  [`${at}.role`]: needed({ string: 'refused' }),
  [`${at}.content`]: optional(content),
  ...parts(`${at}.content`),
  [`${at}.status`]: anything,
  [`${at}.phase`]: anything,
  [`${at}.id`]: anything,
})

const item = (type: string, members: Record<string, Rule>): Record<string, Rule> => ({
  [`input[${type}]`]: element,
  [`input[${type}].type`]: doubtful,
  ...Object.fromEntries(Object.entries(members).map(([member, rule]) => [`input[${type}].${member}`, rule])),
  [`input[${type}].**`]: anything,
})

const output = optional(content)

const tool = (type: string): Record<string, Rule> => ({
  [`tools[${type}]`]: needed(struct),
  [`tools[${type}].type`]: doubtful,
  [`tools[${type}].**`]: anything,
})

const format = (type: string): Record<string, Rule> => ({
  [`text.format<${type}>.type`]: { ...needed({}), string: 'refused' },
  [`text.format<${type}>.schema`]: optional(options),
  [`text.format<${type}>.name`]: anything,
  [`text.format<${type}>.strict`]: anything,
  [`text.format<${type}>.schema.**`]: doubtful,
})

export const responsesTolerance: Tolerance = {
  anywhere: { prompt_cache_breakpoint: anything },
  rules: {
    ...Object.fromEntries(unheeded),
    model: needed({ string: (value) => (value === '' || value.length > 256 ? 'refused' : 'harmless') }),
    stream: optional(flag),
    store: optional(flag),
    parallel_tool_calls: optional(flag),
    instructions: optional(text),
    prompt_cache_key: optional(text),
    max_output_tokens: optional({
      number: (value) => (Number.isSafeInteger(value) ? 'harmless' : 'refused'),
    }),
    metadata: optional(options),
    'metadata.**': anything,
    include: optional(texts),
    'include[]': needed(text),
    background: { ...missing, boolean: 'doubtful' },
    prompt: missing,
    conversation: missing,
    previous_response_id: missing,
    text: optional(options),
    'text.verbosity': anything,
    'text.format': optional(struct),
    ...format('text'),
    ...format('json_object'),
    ...format('json_schema'),
    input: { absent: 'doubtful', null: 'doubtful', string: 'doubtful', ...elements },
    ...message('input[user]'),
    ...message('input[assistant]'),
    ...message('input[system]'),
    ...message('input[developer]'),
    ...message('input[message]'),
    ...item('function_call', {
      call_id: needed(text),
      name: needed(text),
      arguments: optional({ ...text, ...options }),
    }),
    ...item('function_call_output', { call_id: needed(text), output }),
    ...parts('input[function_call_output].output'),
    ...item('custom_tool_call', { call_id: needed(text), name: needed(text), input: optional(text) }),
    ...item('custom_tool_call_output', { call_id: needed(text), output }),
    ...item('local_shell_call', {
      call_id: optional(text),
      id: optional(text),
      action: needed(options),
    }),
    ...item('local_shell_call_output', { id: needed(text), output }),
    ...item('shell_call', { call_id: needed(text), action: needed(options) }),
    ...item('shell_call_output', {
      call_id: needed(text),
      output: optional({ ...text, ...objects }),
      'output[]': needed(options),
    }),
    ...item('apply_patch_call', { call_id: needed(text), operation: needed(options) }),
    ...item('apply_patch_call_output', { call_id: needed(text), output: optional(text) }),
    ...item('reasoning', {}),
    ...item('web_search_call', {}),
    ...item('file_search_call', {}),
    ...item('code_interpreter_call', {}),
    ...item('image_generation_call', {}),
    ...item('mcp_list_tools', {}),
    ...item('mcp_call', {}),
    ...item('compaction', {}),
    ...item('tool_search_call', {}),
    ...item('additional_tools', {
      tools: optional(elements),
      'tools[local_shell]': needed(struct),
      'tools[local_shell].type': doubtful,
    }),
    ...item('tool_search_output', {
      tools: optional(elements),
      'tools[custom]': needed(struct),
      'tools[custom].type': doubtful,
      'tools[custom].name': needed(name),
    }),
    tools: optional(elements),
    'tools[function]': element,
    'tools[function].type': doubtful,
    'tools[function].name': needed(name),
    'tools[function].description': optional(text),
    'tools[function].**': anything,
    'tools[custom]': element,
    'tools[custom].type': doubtful,
    'tools[custom].name': needed(name),
    'tools[custom].description': optional(text),
    'tools[custom].**': anything,
    'tools[namespace]': element,
    'tools[namespace].type': doubtful,
    'tools[namespace].name': needed(name),
    'tools[namespace].description': optional(text),
    'tools[namespace].tools': needed(elements),
    'tools[namespace].tools[function]': element,
    'tools[namespace].tools[function].type': doubtful,
    'tools[namespace].tools[function].name': needed(name),
    'tools[namespace].tools[function].**': anything,
    'tools[namespace].tools[custom]': element,
    'tools[namespace].tools[custom].type': doubtful,
    'tools[namespace].tools[custom].name': needed(name),
    ...tool('local_shell'),
    ...tool('shell'),
    ...tool('apply_patch'),
    ...tool('web_search'),
    'tools[web_search].filters': optional(options),
    'tools[web_search].filters.allowed_domains': optional({
      list: (value) => (value.every((each) => typeof each === 'string') ? 'harmless' : 'refused'),
    }),
    'tools[web_search].filters.allowed_domains[]': needed(domain),
    ...tool('file_search'),
    ...tool('code_interpreter'),
    ...tool('image_generation'),
    ...tool('mcp'),
    ...tool('tool_search'),
    tool_choice: { ...optional(struct), string: 'refused' },
    'tool_choice<function>.type': doubtful,
    'tool_choice<function>.name': { ...needed({}), string: 'doubtful' },
    'tool_choice<allowed_tools>.type': doubtful,
    'tool_choice.**': doubtful,
  },
}
