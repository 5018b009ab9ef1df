/** What Chat Completions takes here, by docs/compatibility.md and the types of the API. */
import {
  anything,
  content,
  doubtful,
  elements,
  flag,
  name,
  needed,
  optional,
  options,
  struct,
  tag,
  text,
  texts,
  type Rule,
  type Tolerance,
} from './tolerance.ts'

const element = needed(struct)
/** JSON text by the API; some clients send the object itself. */
const toolInput = optional({ ...text, ...options })

const message = (role: string, said: Rule): Record<string, Rule> => ({
  [`messages[${role}]`]: element,
  [`messages[${role}].role`]: tag,
  [`messages[${role}].content`]: said,
  [`messages[${role}].name`]: anything,
})

const textPart = (role: string): Record<string, Rule> => ({
  [`messages[${role}].content[text]`]: element,
  [`messages[${role}].content[text].type`]: tag,
  [`messages[${role}].content[text].text`]: needed(text),
})

const user = 'messages[user].content'
const assistant = 'messages[assistant]'

const limit = optional({ number: (value) => (Number.isSafeInteger(value) ? 'harmless' : 'refused') })

/** Nothing of these is heeded. */
const unheeded = [
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'user',
  'metadata',
  'store',
  'verbosity',
  'service_tier',
  'prediction',
  'prompt_cache_retention',
  'safety_identifier',
  'web_search_options',
  // What is not understood asks for nothing.
  'reasoning_effort',
].flatMap((member): [string, Rule][] => [
  [member, anything],
  [`${member}.**`, anything],
])

export const chatTolerance: Tolerance = {
  anywhere: { prompt_cache_breakpoint: anything },
  rules: {
    ...Object.fromEntries(unheeded),
    'prediction.**': anything,
    model: needed({ string: (value) => (value === '' || value.length > 256 ? 'refused' : 'harmless') }),
    stream: optional(flag),
    stream_options: optional(options),
    'stream_options.include_usage': optional(flag),
    'stream_options.include_obfuscation': anything,
    max_tokens: limit,
    max_completion_tokens: limit,
    n: optional({ number: (value) => (value === 1 ? 'harmless' : 'refused') }),
    stop: optional({ ...text, ...texts }),
    'stop[]': needed(text),
    modalities: optional({
      list: (value) => (value.every((each) => each === 'text') ? 'harmless' : 'refused'),
    }),
    // Told as the fault of the whole list.
    'modalities[]': { ...needed({}), string: 'doubtful' },
    parallel_tool_calls: optional(flag),
    prompt_cache_key: optional(text),
    response_format: optional(struct),
    'response_format<text>.type': { ...needed({}), string: 'refused' },
    'response_format<json_object>.type': { ...needed({}), string: 'refused' },
    'response_format<json_schema>.type': { ...needed({}), string: 'refused' },
    'response_format<json_schema>.json_schema': needed(options),
    'response_format<json_schema>.json_schema.name': anything,
    'response_format<json_schema>.json_schema.strict': anything,
    'response_format<json_schema>.json_schema.schema': optional(options),
    'response_format<json_schema>.json_schema.schema.**': doubtful,
    messages: needed({
      list: (value) =>
        value.length === 0 || value.some((each) => !isMessage(each)) ? 'refused' : 'harmless',
    }),
    ...message('system', needed(content)),
    ...textPart('system'),
    ...message('developer', needed(content)),
    ...textPart('developer'),
    ...message('user', needed(content)),
    ...textPart('user'),
    [`${user}[image_url]`]: element,
    [`${user}[image_url].type`]: tag,
    [`${user}[image_url].image_url`]: { ...needed(struct), string: 'doubtful' },
    [`${user}[image_url].image_url.url`]: { ...needed({}), string: 'doubtful' },
    [`${user}[image_url].image_url.detail`]: anything,
    [`${user}[file]`]: element,
    [`${user}[file].type`]: tag,
    [`${user}[file].file`]: needed(struct),
    [`${user}[file].file.file_data`]: { ...needed({}), string: 'doubtful' },
    [`${user}[file].file.filename`]: optional(text),
    ...message('assistant', optional(content)),
    ...textPart('assistant'),
    [`${assistant}.content[refusal]`]: element,
    [`${assistant}.content[refusal].type`]: tag,
    [`${assistant}.content[refusal].refusal`]: needed(text),
    [`${assistant}.refusal`]: optional(text),
    [`${assistant}.audio`]: anything,
    [`${assistant}.audio.**`]: anything,
    [`${assistant}.reasoning_content`]: anything,
    [`${assistant}.reasoning`]: anything,
    [`${assistant}.reasoning_details`]: anything,
    [`${assistant}.reasoning_details.**`]: anything,
    [`${assistant}.tool_calls`]: optional(elements),
    [`${assistant}.tool_calls[function]`]: element,
    // A call without a type is one of a function.
    [`${assistant}.tool_calls[function].type`]: anything,
    [`${assistant}.tool_calls[function].id`]: needed(text),
    [`${assistant}.tool_calls[function].function`]: needed(struct),
    [`${assistant}.tool_calls[function].function.name`]: needed(text),
    [`${assistant}.tool_calls[function].function.arguments`]: toolInput,
    [`${assistant}.tool_calls[custom]`]: element,
    [`${assistant}.tool_calls[custom].type`]: doubtful,
    [`${assistant}.tool_calls[custom].id`]: needed(text),
    [`${assistant}.tool_calls[custom].custom`]: needed(struct),
    [`${assistant}.tool_calls[custom].custom.name`]: needed(text),
    [`${assistant}.tool_calls[custom].custom.input`]: optional(text),
    [`${assistant}.function_call`]: optional(struct),
    [`${assistant}.function_call.name`]: needed(text),
    [`${assistant}.function_call.arguments`]: toolInput,
    ...message('tool', optional(content)),
    ...textPart('tool'),
    'messages[tool].tool_call_id': needed(text),
    ...message('function', optional(content)),
    'messages[function].name': optional(text),
    tools: optional(elements),
    'tools[function]': element,
    // Tools of other types are left out.
    'tools[function].type': doubtful,
    'tools[function].function': needed(struct),
    'tools[function].function.name': needed(name),
    'tools[function].function.description': optional(text),
    'tools[function].function.parameters': anything,
    'tools[function].function.parameters.**': anything,
    'tools[function].function.strict': anything,
    'tools[custom]': element,
    'tools[custom].type': doubtful,
    'tools[custom].custom': needed(struct),
    'tools[custom].custom.name': needed(name),
    'tools[custom].custom.description': optional(text),
    'tools[custom].custom.format': anything,
    'tools[custom].custom.format.**': anything,
    // A choice that is not understood is refused; of the tools that it names, those that are there count.
    tool_choice: { ...optional(struct), string: 'refused' },
    'tool_choice<function>.type': doubtful,
    'tool_choice<function>.function': { ...needed({}), object: 'doubtful' },
    'tool_choice<function>.function.name': { ...needed({}), string: 'doubtful' },
    'tool_choice<allowed_tools>.type': doubtful,
    'tool_choice.**': doubtful,
    functions: optional(elements),
    'functions[]': element,
    'functions[].name': needed(name),
    'functions[].description': optional(text),
    'functions[].parameters': anything,
    'functions[].parameters.**': anything,
    function_call: { ...optional(struct), string: 'refused' },
    'function_call.name': { ...needed({}), string: 'doubtful' },
  },
}

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'role' in value
}
