/** What becomes of each field of the Responses API. In lists of things that have a `type`, it stands in the path. */
import type { Parameters } from '../parameters.ts'

const NO_SAMPLING = 'The model service has no such setting.'
const OPENAI_ONLY = 'About the service of OpenAI itself.'
const LEFT_OUT =
  'Too many or unreadable ones of earlier turns, and of turns with results of tools, are left out and named.'
const IMAGE = `PNG, JPEG, GIF, WebP, in messages of the user and outputs of tools. ${LEFT_OUT}`
const DOCUMENT = `PDF, Word, Excel, CSV, HTML, Markdown, text; for models without documents only what is text. ${LEFT_OUT}`
const NO_FILES = 'No files are kept here, and none are fetched.'
const SERVER_RUN = 'Run by a server of its vendor: the tool is left out.'
const CLIENT_RUN =
  'Run by the client; declared to the model with a schema of its own, and answered in its own form.'
const SERVER_RAN = 'Of a tool that a server ran: left out.'
const REPEATED = 'The answer repeats it.'
const NOT_PLAIN = 'What the client calls it is put back in the answer.'
const AT_CONTENT = 'As in `input[].content[]`.'

export const parameters = {
  model: { verdict: 'honoured', note: 'Answered with 404 when it is unknown.' },
  input: { verdict: 'honoured', note: 'A string or items; neighbours of one side are joined.' },
  instructions: { verdict: 'honoured', note: 'The beginning of the system prompt.' },
  stream: { verdict: 'honoured' },
  stream_options: { verdict: 'honoured' },
  'stream_options.include_obfuscation': { verdict: 'ignored', note: 'Nothing is obfuscated.' },
  max_output_tokens: { verdict: 'honoured', note: 'Zero or less means none.' },
  previous_response_id: {
    verdict: 'honoured',
    note: 'Of an answer that is kept here, for the same key; else 400 with `previous_response_not_found`.',
  },
  store: { verdict: 'honoured', note: 'Answers are kept for a while, unless it is `false`.' },
  include: {
    verdict: 'honoured',
    note: '`reasoning.encrypted_content`; others are named.',
  },
  reasoning: { verdict: 'by-model', note: 'Without an effort and a summary, the model thinks as it likes.' },
  'reasoning.effort': {
    verdict: 'by-model',
    note: '`none` turns thinking off; `minimal`, `low`, `medium`, `high`, `xhigh`, `max`; others leave the choice to the model.',
  },
  'reasoning.summary': {
    verdict: 'honoured',
    note: 'Any but `none` asks for thinking, and shows it; without one it is hidden.',
  },
  'reasoning.generate_summary': { verdict: 'honoured', note: 'The older name of `summary`.' },
  'reasoning.context': { verdict: 'ignored' },
  'reasoning.mode': { verdict: 'ignored' },
  text: { verdict: 'honoured' },
  'text.format': {
    verdict: 'honoured',
    note: '`text`, `json_object`, `json_schema`: the model is told, its answer is checked, and asked for once more if it does not do.',
  },
  'text.verbosity': { verdict: 'ignored', note: NO_SAMPLING },
  parallel_tool_calls: { verdict: 'honoured', note: 'With `false` an answer ends after its first call.' },
  prompt_cache_key: { verdict: 'honoured', note: 'Keeps a conversation on one account.' },
  metadata: { verdict: 'honoured', note: REPEATED },
  conversation: {
    verdict: 'refused',
    note: 'Conversations are not kept; `previous_response_id` is honoured.',
  },
  background: { verdict: 'refused', note: '`false` is honoured.' },
  prompt: { verdict: 'refused', note: 'No prompts are kept here.' },
  temperature: { verdict: 'ignored', note: NO_SAMPLING },
  top_p: { verdict: 'ignored', note: NO_SAMPLING },
  top_logprobs: { verdict: 'ignored' },
  truncation: { verdict: 'ignored', note: 'Nothing is left out of a conversation that is too long.' },
  max_tool_calls: { verdict: 'ignored', note: 'No tools are run here.' },
  context_management: { verdict: 'ignored', note: 'Clients ask for a summary by `compaction_trigger`.' },
  user: { verdict: 'ignored' },
  client_metadata: { verdict: 'ignored' },
  service_tier: { verdict: 'ignored', note: OPENAI_ONLY },
  safety_identifier: { verdict: 'ignored', note: OPENAI_ONLY },
  moderation: { verdict: 'ignored', note: OPENAI_ONLY },
  prompt_cache_retention: { verdict: 'ignored', note: OPENAI_ONLY },
  prompt_cache_options: { verdict: 'ignored', note: OPENAI_ONLY },
  generate: { verdict: 'ignored' },
  tools: { verdict: 'honoured', note: 'Of several of one name the first counts.' },
  'tools[].type': {
    verdict: 'honoured',
    note: 'As in the rows below; a tool without a type counts as `function`, others are left out and named.',
  },
  'tools[].function': { verdict: 'honoured', note: 'Also nested, as in Chat Completions.' },
  'tools[].name': {
    verdict: 'honoured',
    note: 'Names that the model service refuses are mapped, and mapped back.',
  },
  'tools[].description': { verdict: 'honoured' },
  'tools[].parameters': {
    verdict: 'by-model',
    note: 'Keywords that cannot be carried are named. What is no object counts as a schema without properties.',
  },
  'tools[].output_schema': { verdict: 'ignored' },
  'tools[].strict': { verdict: 'ignored' },
  'tools[].defer_loading': { verdict: 'ignored', note: 'The tool is declared at once.' },
  'tools[].allowed_callers': { verdict: 'ignored' },
  'tools[].custom': {
    verdict: 'honoured',
    note: `Declared to the model as a function of one text. ${NOT_PLAIN}`,
  },
  'tools[].custom.format': { verdict: 'honoured', note: 'Told to the model in words, not enforced.' },
  'tools[].namespace': {
    verdict: 'honoured',
    note: `Its tools are declared to the model by one name each, \`namespace__name\`. ${NOT_PLAIN}`,
  },
  'tools[].namespace.description': { verdict: 'honoured', note: 'Told with each of its tools.' },
  'tools[].local_shell': { verdict: 'honoured', note: CLIENT_RUN },
  'tools[].shell': { verdict: 'honoured', note: CLIENT_RUN },
  'tools[].shell.environment': { verdict: 'ignored', note: 'Commands are run by the client alone.' },
  'tools[].apply_patch': { verdict: 'honoured', note: CLIENT_RUN },
  'tools[].web_search*': {
    verdict: 'by-model',
    note: 'The gateway searches, where it has somebody to ask; else the tool is left out, and one that is demanded fails.',
  },
  'tools[].web_search.external_web_access': {
    verdict: 'honoured',
    note: '`false`: nothing is searched; the tool is left out and named.',
  },
  'tools[].web_search.filters': { verdict: 'honoured', note: '`allowed_domains`, `blocked_domains`.' },
  'tools[].web_search.user_location': { verdict: 'ignored' },
  'tools[].web_search.search_context_size': { verdict: 'ignored' },
  'tools[].web_search.search_content_types': { verdict: 'ignored', note: 'Text is searched.' },
  'tools[].file_search': { verdict: 'ignored', note: SERVER_RUN },
  'tools[].code_interpreter': { verdict: 'ignored', note: SERVER_RUN },
  'tools[].image_generation': { verdict: 'ignored', note: SERVER_RUN },
  'tools[].computer*': { verdict: 'ignored', note: SERVER_RUN },
  'tools[].mcp': { verdict: 'ignored', note: SERVER_RUN },
  'tools[].programmatic_tool_calling': { verdict: 'ignored', note: SERVER_RUN },
  'tools[].tool_search': { verdict: 'ignored', note: 'All tools are declared at once.' },
  tool_choice: {
    verdict: 'honoured',
    note: '`auto`, `none`, `required`, one tool, `allowed_tools`: the model is told, its answer is checked, and asked for once more if it does not do. A choice that can only mean tools that were left out counts as `auto`, and is named.',
  },
  'input[].type': {
    verdict: 'honoured',
    note: 'As in the rows below; without one, what has a `role` is a message and what has an `id` a reference. Others are left out and named.',
  },
  'input[].message': {
    verdict: 'honoured',
    note: 'Of `user`, `assistant`, `system`, `developer`. What the system and the developer say later on is a reminder in its place.',
  },
  'input[].function_call': { verdict: 'honoured', note: 'Also with a `namespace`.' },
  'input[].function_call_output': {
    verdict: 'honoured',
    note: 'A string or parts. Results that are missing, repeated or out of order are repaired.',
  },
  'input[].custom_tool_call': { verdict: 'honoured' },
  'input[].custom_tool_call_output': { verdict: 'honoured', note: 'As `function_call_output`.' },
  'input[].local_shell_call': { verdict: 'honoured' },
  'input[].local_shell_call_output': { verdict: 'honoured' },
  'input[].shell_call': { verdict: 'honoured' },
  'input[].shell_call_output': { verdict: 'honoured' },
  'input[].apply_patch_call': { verdict: 'honoured' },
  'input[].apply_patch_call_output': { verdict: 'honoured' },
  'input[].reasoning': {
    verdict: 'by-model',
    note: 'What the gateway sealed in `encrypted_content` comes back whole; of other services only the summary is kept.',
  },
  'input[].item_reference': { verdict: 'honoured', note: 'To items of answers that are kept; else 400.' },
  'input[].additional_tools': { verdict: 'honoured', note: 'As `tools`.' },
  'input[].tool_search_call': { verdict: 'ignored' },
  'input[].tool_search_output': { verdict: 'honoured', note: 'Its tools are declared with the others.' },
  'input[].compaction': {
    verdict: 'honoured',
    note: 'The summary that the gateway sealed; those of other services cannot be read, and are left out and named.',
  },
  'input[].compaction_trigger': {
    verdict: 'honoured',
    note: 'As the last item: the answer is a summary of the conversation, sealed in one `compaction` item.',
  },
  'input[].web_search_call': {
    verdict: 'honoured',
    note: 'A search: as the call of a tool, with the sources that it tells. Other actions are left out and named.',
  },
  'input[].file_search_call': { verdict: 'ignored', note: SERVER_RAN },
  'input[].code_interpreter_call': { verdict: 'ignored', note: SERVER_RAN },
  'input[].image_generation_call': { verdict: 'ignored', note: SERVER_RAN },
  'input[].computer_call*': { verdict: 'ignored', note: SERVER_RAN },
  'input[].mcp_*': { verdict: 'ignored', note: SERVER_RAN },
  'input[].program*': { verdict: 'ignored', note: SERVER_RAN },
  'input[].content[].type': {
    verdict: 'honoured',
    note: 'As in the rows below, and the parts of Chat Completions. Of parts of other types the `text` is kept, else they are left out and named.',
  },
  'input[].content[].prompt_cache_breakpoint': {
    verdict: 'by-model',
    note: 'Of system and developer messages it is named.',
  },
  'input[].content[].annotations': { verdict: 'ignored' },
  'input[].content[].logprobs': { verdict: 'ignored' },
  'input[].content[].input_text': { verdict: 'honoured' },
  'input[].content[].output_text': { verdict: 'honoured' },
  'input[].content[].refusal': { verdict: 'honoured', note: 'As text.' },
  'input[].content[].input_image': { verdict: 'by-model', note: IMAGE },
  'input[].content[].input_image.image_url': {
    verdict: 'refused',
    note: 'Data URLs are honoured, and others where images may be fetched.',
  },
  'input[].content[].input_image.file_id': { verdict: 'refused', note: NO_FILES },
  'input[].content[].input_image.detail': { verdict: 'ignored', note: '`auto` is the default.' },
  'input[].content[].input_file': { verdict: 'by-model', note: DOCUMENT },
  'input[].content[].input_file.file_data': {
    verdict: 'honoured',
    note: 'A data URL, of text also without base64, or base64.',
  },
  'input[].content[].input_file.filename': { verdict: 'honoured' },
  'input[].content[].input_file.file_id': { verdict: 'refused', note: NO_FILES },
  'input[].content[].input_file.file_url': { verdict: 'refused', note: NO_FILES },
  'input[].content[].input_file.detail': { verdict: 'ignored', note: '`auto` is the default.' },
  'input[].content[].input_audio': { verdict: 'refused' },
  'input[].output[].input_text': { verdict: 'honoured', note: AT_CONTENT },
  'input[].output[].input_image': { verdict: 'by-model', note: AT_CONTENT },
  'input[].output[].input_file': { verdict: 'by-model', note: AT_CONTENT },
} as const satisfies Parameters
