import { Document, Scalar, visit } from 'yaml'
import type { JsonObject } from '../conversation/conversation.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { SettingsFile, SetupPart, Shell, Variables } from './client-setup.ts'
import { markStrings, put } from './mark-slots.ts'
import { writeAssignment, writeCommand } from './write-shell.ts'
import { writeToml } from './write-toml.ts'

/** A part as it is copied; `language` is that of its text. */
export function writePart(part: SetupPart, shell: Shell): { language: string; text: string } {
  switch (part.kind) {
    case 'file':
      return { language: part.format, text: writeContent(part) }
    case 'variables':
      return writeVariables(part, shell)
    case 'form':
      return { language: 'yaml', text: writeYaml(part.fields) }
    case 'command':
      return { language: languageOf(shell), text: writeCommand(part.words, shell) }
    case 'script':
      return { language: languageOf(shell), text: part.texts[shell] }
    case 'program':
      return { language: part.language, text: part.text }
    default:
      return unreachable(part)
  }
}

/** A settings file that holds nothing else. */
export function writeContent({ format, content }: Pick<SettingsFile, 'format' | 'content'>): string {
  switch (format) {
    case 'json':
      return `${markStrings('json', JSON.stringify(content, undefined, 2))}\n`
    case 'yaml':
      return writeYaml(content)
    case 'toml':
      return markStrings('json', writeToml(content))
    default:
      return unreachable(format)
  }
}

function writeYaml(content: JsonObject): string {
  const document = new Document(content)
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && node.value.includes('{{')) node.type = Scalar.QUOTE_DOUBLE
    },
  })
  return markStrings('yaml', document.toString({ lineWidth: 0, nullStr: '' }))
}

function writeVariables({ variables, form, command }: Variables, shell: Shell) {
  const pairs = Object.entries(variables)
  if (form === 'env') {
    return { language: 'ini', text: pairs.map(([name, value]) => `${name}=${put('env', value)}\n`).join('') }
  }
  const lines = pairs.map(([name, value]) => writeAssignment(name, value, shell))
  return { language: languageOf(shell), text: lines.join('') + (command === undefined ? '' : `${command}\n`) }
}

function languageOf(shell: Shell): string {
  return shell === 'cmd' ? 'bat' : shell
}
