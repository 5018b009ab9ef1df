/**
 * Tools that Anthropic defines and the client runs. Their schemas are known to its models, but not to the model
 * service, so they are declared like any other tool.
 */
import type { JsonObject } from '../../conversation/conversation.ts'

interface ClientTool {
  name: string
  description: string
  inputSchema: JsonObject
}

const text = (description: string): JsonObject => ({ type: 'string', description })
const command = (...names: string[]): JsonObject => ({
  type: 'string',
  enum: names,
  description: 'What to do.',
})

const viewRange: JsonObject = {
  type: 'array',
  items: { type: 'integer' },
  description:
    'For view of a file: first and last line to show, counted from 1; -1 as the last means to the end.',
}
const insertLine: JsonObject = {
  type: 'integer',
  description: 'For insert: the line after which the text goes; 0 is the beginning of the file.',
}
const editing: JsonObject = {
  file_text: text('For create: the whole content of the file.'),
  old_str: text('For str_replace: the text to be replaced. It must occur exactly once, whitespace included.'),
  insert_line: insertLine,
}

const bash: ClientTool = {
  name: 'bash',
  description:
    'Runs a command in a bash session on the machine of the user. The session keeps its state (folder, variables, files) between calls.',
  inputSchema: {
    type: 'object',
    properties: {
      command: text('The command to run. Required unless restart is true.'),
      restart: { type: 'boolean', description: 'True starts a fresh session in place of running a command.' },
    },
  },
}

const memory: ClientTool = {
  name: 'memory',
  description:
    'Keeps notes in files below /memories that outlast this conversation. Look there for earlier progress before you start, and write down what later work will need.',
  inputSchema: {
    type: 'object',
    properties: {
      command: command('view', 'create', 'str_replace', 'insert', 'delete', 'rename'),
      path: text(
        'The file or folder, beginning with /memories. For every command but rename, which has two paths.',
      ),
      view_range: viewRange,
      ...editing,
      new_str: text('For str_replace: the new text.'),
      insert_text: text('For insert: the text to put in.'),
      old_path: text('For rename: where it is.'),
      new_path: text('For rename: where it goes.'),
    },
    required: ['command'],
  },
}

/** Until early 2025 the editor could undo, and had the text of an insertion in `new_str`. */
function createTextEditor(isOld: boolean): ClientTool {
  const commands = ['view', 'create', 'str_replace', 'insert', ...(isOld ? ['undo_edit'] : [])]
  return {
    name: isOld ? 'str_replace_editor' : 'str_replace_based_edit_tool',
    description: `Views, creates and edits text files on the machine of the user. view shows a file with numbered lines, or lists a folder; create writes a new file; str_replace replaces one text by another; insert puts text after a line${isOld ? '; undo_edit takes back the last edit of a file' : ''}.`,
    inputSchema: {
      type: 'object',
      properties: {
        command: command(...commands),
        path: text('The file or folder.'),
        view_range: viewRange,
        ...editing,
        new_str: text(
          isOld
            ? 'For str_replace: the new text. For insert: the text to put in.'
            : 'For str_replace: the new text; without it the old one is deleted.',
        ),
        ...(!isOld && { insert_text: text('For insert: the text to put in.') }),
      },
      required: ['command', 'path'],
    },
  }
}

const OLD_TEXT_EDITORS: ReadonlySet<string> = new Set(['text_editor_20241022', 'text_editor_20250124'])

/** Undefined when no client runs tools of this type. Versions differ in their dates only. */
export function findClientTool(type: string): ClientTool | undefined {
  if (/^bash_\d+$/.test(type)) return bash
  if (/^memory_\d+$/.test(type)) return memory
  return /^text_editor_\d+$/.test(type) ? createTextEditor(OLD_TEXT_EDITORS.has(type)) : undefined
}
