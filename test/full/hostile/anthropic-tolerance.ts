/** What the Messages API takes here, by docs/compatibility.md and the types of the API. */
import {
  anything,
  content,
  domain,
  doubtful,
  flag,
  integer,
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

const block = needed(struct)
const message = (role: string): Record<string, Rule> => ({
  [`messages[${role}]`]: block,
  [`messages[${role}].role`]: tag,
  [`messages[${role}].content`]: { ...needed(content), null: 'harmless' },
})

const textBlock = (at: string): Record<string, Rule> => ({
  [`${at}[text]`]: block,
  [`${at}[text].type`]: tag,
  [`${at}[text].text`]: needed(text),
})

/** Whether what a picture or a file holds can be read counts for those alone that the user has just attached. */
const media = (at: string): Record<string, Rule> => ({
  ...textBlock(at),
  [`${at}[image]`]: block,
  [`${at}[image].type`]: tag,
  [`${at}[image].source`]: needed(struct),
  [`${at}[image].source<base64>.type`]: tag,
  [`${at}[image].source<base64>.media_type`]: { ...needed({}), string: 'doubtful' },
  [`${at}[image].source<base64>.data`]: { ...needed({}), string: 'doubtful' },
  [`${at}[image].source<url>.type`]: tag,
  [`${at}[image].source<url>.url`]: { ...needed({}), string: 'doubtful' },
})

const blocks = (at: string): Record<string, Rule> => ({
  ...media(at),
  [`${at}[document]`]: block,
  [`${at}[document].type`]: tag,
  [`${at}[document].title`]: optional(text),
  [`${at}[document].context`]: optional(text),
  [`${at}[document].source`]: needed(struct),
  [`${at}[document].source<base64>.type`]: tag,
  [`${at}[document].source<base64>.media_type`]: optional({ string: 'doubtful' }),
  [`${at}[document].source<base64>.data`]: { ...needed({}), string: 'doubtful' },
  [`${at}[document].source<text>.type`]: tag,
  [`${at}[document].source<text>.media_type`]: optional(text),
  [`${at}[document].source<text>.data`]: needed(text),
  [`${at}[document].source<content>.type`]: tag,
  [`${at}[document].source<content>.content`]: needed(content),
  ...media(`${at}[document].source<content>.content`),
  [`${at}[search_result]`]: block,
  [`${at}[search_result].type`]: tag,
  [`${at}[search_result].source`]: optional(text),
  [`${at}[search_result].title`]: optional(text),
  [`${at}[search_result].content`]: needed(content),
  ...textBlock(`${at}[search_result].content`),
  [`${at}[tool_reference]`]: block,
  [`${at}[tool_reference].type`]: tag,
  [`${at}[tool_reference].tool_name`]: needed(text),
  [`${at}[container_upload]`]: block,
  [`${at}[container_upload].type`]: tag,
  [`${at}[container_upload].**`]: anything,
})

/** What servers ran is told as far as it can be read. */
const trace = (at: string, type: string): Record<string, Rule> => ({
  [`${at}[${type}]`]: block,
  [`${at}[${type}].type`]: tag,
  [`${at}[${type}].**`]: anything,
})

const said = 'messages[assistant].content'
const asked = 'messages[user].content'

const format: Record<string, Rule> = {
  'output_config.format': optional(struct),
  'output_config.format<json_schema>.type': needed({ string: 'refused' }),
  'output_config.format<json_schema>.schema': needed(options),
  'output_config.format<json_schema>.schema.**': doubtful,
  output_format: optional(struct),
  'output_format<json_schema>.type': needed({ string: 'refused' }),
  'output_format<json_schema>.schema': needed(options),
  'output_format<json_schema>.schema.**': doubtful,
}

/** A tool of a server, or one whose type alone tells what it takes. */
const knownTool = (type: string): Record<string, Rule> => ({
  [`tools[${type}]`]: needed(struct),
  [`tools[${type}].type`]: doubtful,
  [`tools[${type}].name`]: optional(text),
  [`tools[${type}].**`]: anything,
})

const toolChoice = (type: string): Record<string, Rule> => ({
  [`tool_choice<${type}>.type`]: { ...needed({}), string: 'refused' },
  [`tool_choice<${type}>.name`]: doubtful,
  [`tool_choice<${type}>.disable_parallel_tool_use`]: optional(flag),
})

const thinking = (type: string): Record<string, Rule> => ({
  [`thinking<${type}>.type`]: needed(text),
  [`thinking<${type}>.budget_tokens`]: optional(integer(1)),
  [`thinking<${type}>.display`]: optional(text),
})

const domains: Rule = {
  ...optional({}),
  list: (value) => (value.every((each) => typeof each === 'string') ? 'harmless' : 'refused'),
}

export const anthropicTolerance: Tolerance = {
  anywhere: { cache_control: anything, citations: anything },
  rules: {
    model: needed({ string: (value) => (value === '' || value.length > 256 ? 'refused' : 'harmless') }),
    max_tokens: needed(integer(1)),
    stream: optional(flag),
    system: optional(content),
    ...textBlock('system'),
    stop_sequences: optional(texts),
    'stop_sequences[]': needed(text),
    metadata: optional(options),
    'metadata.user_id': optional(text),
    thinking: optional(struct),
    ...thinking('enabled'),
    ...thinking('adaptive'),
    ...thinking('disabled'),
    ...thinking('between_tools'),
    output_config: optional(options),
    'output_config.effort': optional(text),
    ...format,
    thread: optional(options),
    'thread<create>.type': optional(text),
    messages: needed({
      list: (value) =>
        value.length === 0 || value.some((each) => !isMessage(each)) ? 'refused' : 'harmless',
    }),
    ...message('user'),
    ...message('assistant'),
    ...message('system'),
    'messages[system].content': optional(content),
    'messages[system].clear_at': optional(text),
    'messages[system].output_config': optional(options),
    'messages[system].output_config.effort': optional(text),
    ...textBlock('messages[system].content'),
    ...blocks(asked),
    ...blocks(`${asked}[tool_result].content`),
    [`${asked}[tool_result]`]: block,
    [`${asked}[tool_result].type`]: tag,
    [`${asked}[tool_result].tool_use_id`]: needed(text),
    [`${asked}[tool_result].content`]: optional(content),
    [`${asked}[tool_result].is_error`]: optional(flag),
    ...textBlock(said),
    [`${said}[tool_use]`]: block,
    [`${said}[tool_use].type`]: tag,
    [`${said}[tool_use].id`]: needed(text),
    [`${said}[tool_use].name`]: needed(text),
    [`${said}[tool_use].input`]: needed(options),
    [`${said}[tool_use].input.**`]: anything,
    [`${said}[thinking]`]: block,
    [`${said}[thinking].type`]: tag,
    [`${said}[thinking].thinking`]: needed(text),
    [`${said}[thinking].signature`]: optional(text),
    [`${said}[redacted_thinking]`]: block,
    [`${said}[redacted_thinking].type`]: tag,
    [`${said}[redacted_thinking].data`]: needed(text),
    ...trace(said, 'server_tool_use'),
    ...trace(said, 'web_search_tool_result'),
    ...trace(said, 'code_execution_tool_result'),
    ...trace(said, 'mcp_tool_use'),
    ...trace(said, 'mcp_tool_result'),
    tools: optional({
      list: (value) => (value.some((each) => isEmptyOrNoObject(each)) ? 'refused' : 'harmless'),
    }),
    'tools[]': needed(struct),
    'tools[].name': needed(name),
    'tools[].type': doubtful,
    'tools[].description': optional(text),
    'tools[].**': anything,
    'tools[custom]': needed(struct),
    'tools[custom].name': needed(name),
    'tools[custom].type': doubtful,
    'tools[custom].description': optional(text),
    'tools[custom].**': anything,
    ...knownTool('bash_20250124'),
    ...knownTool('text_editor_20250728'),
    ...knownTool('memory_20250818'),
    ...knownTool('web_search_20250305'),
    'tools[web_search_20250305].max_uses': optional(integer(0)),
    'tools[web_search_20250305].allowed_domains': domains,
    'tools[web_search_20250305].allowed_domains[]': needed(domain),
    ...knownTool('web_fetch_20250910'),
    ...knownTool('code_execution_20250825'),
    ...knownTool('tool_search_tool_regex_20251119'),
    ...knownTool('computer_20250124'),
    ...knownTool('mcp_toolset'),
    tool_choice: optional(struct),
    ...toolChoice('auto'),
    ...toolChoice('any'),
    ...toolChoice('tool'),
    ...toolChoice('none'),
    // Nothing of these is heeded.
    temperature: anything,
    top_p: anything,
    top_k: anything,
    service_tier: anything,
    context_management: anything,
    'context_management.**': anything,
    container: anything,
    mcp_servers: anything,
    'mcp_servers.**': anything,
    inference_geo: anything,
    speed: anything,
    betas: anything,
    'betas.**': anything,
    fallbacks: anything,
    user_profile_id: anything,
  },
}

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'role' in value
}

function isEmptyOrNoObject(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}
