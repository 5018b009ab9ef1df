/** Tools that OpenAI's models know by heart and clients run themselves: here the model is told of them like of any other. */
import type { JsonObject, Tool } from '../../conversation/conversation.ts'
import type { ClientTool } from './answer-wishes.ts'

export type ClientRunKind = Exclude<ClientTool['kind'], 'function' | 'custom' | 'web-search'>

const milliseconds = { type: 'integer', description: 'After how many milliseconds to give up.' }

const localShell: Tool = {
  name: 'local_shell',
  description: "Runs one command on the user's machine and answers with what it prints.",
  inputSchema: objectOf(
    {
      command: {
        type: 'array',
        items: { type: 'string' },
        description:
          'The program and its arguments. No shell reads them; for one, write ["bash", "-lc", "…"].',
      },
      working_directory: { type: 'string', description: 'Where to run it.' },
      env: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Further environment variables.',
      },
      timeout_ms: milliseconds,
    },
    ['command'],
  ),
}

const shell: Tool = {
  name: 'shell',
  description: 'Runs commands in a shell and answers with what each of them prints, and how it ended.',
  inputSchema: objectOf(
    {
      commands: {
        type: 'array',
        items: { type: 'string' },
        description: 'Command lines. They may be run at the same time, so none may rely on another.',
      },
      timeout_ms: milliseconds,
      max_output_length: { type: 'integer', description: 'How many characters of output to keep.' },
    },
    ['commands'],
  ),
}

const applyPatch: Tool = {
  name: 'apply_patch',
  description: [
    'Creates, changes or deletes one file. For several files, call it several times.',
    'The diff of `create_file` is the whole file, each line with a `+` before it.',
    'The diff of `update_file` has hunks. Each begins with a line `@@`, which may name the class or function that it is',
    'in; then come some lines of context with a space before them, lines to take out with `-` and lines to put in with `+`.',
    'There are no line numbers and no headers with file names.',
  ].join('\n'),
  inputSchema: objectOf(
    {
      type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
      path: { type: 'string', description: 'The file, by its path from the working directory.' },
      diff: { type: 'string', description: 'Of `create_file` and `update_file`.' },
    },
    ['type', 'path'],
  ),
}

/** By the type under which clients declare them. */
export const clientRunTools: ReadonlyMap<string, { kind: ClientRunKind; tool: Tool }> = new Map([
  ['local_shell', { kind: 'local-shell', tool: localShell }],
  ['shell', { kind: 'shell', tool: shell }],
  ['apply_patch', { kind: 'apply-patch', tool: applyPatch }],
])

function objectOf(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required }
}
