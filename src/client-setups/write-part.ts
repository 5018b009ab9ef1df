import { stringify } from 'yaml'
import type { JsonObject } from '../conversation/conversation.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { SettingsFile, SetupPart, Variables } from './client-setup.ts'
import { writeToml } from './write-toml.ts'

/** A part as it is copied; `language` is that of its text. */
export function writePart(part: SetupPart, platform: string): { language: string; text: string } {
  switch (part.kind) {
    case 'file':
      return { language: part.format, text: writeContent(part) }
    case 'variables':
      return writeVariables(part, platform)
    case 'form':
      return { language: 'yaml', text: writeYaml(part.fields) }
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
      return `${JSON.stringify(content, undefined, 2)}\n`
    case 'yaml':
      return writeYaml(content)
    case 'toml':
      return writeToml(content)
    default:
      return unreachable(format)
  }
}

function writeYaml(content: JsonObject): string {
  return stringify(content, { lineWidth: 0, nullStr: '' })
}

function writeVariables(part: Variables, platform: string): { language: string; text: string } {
  const pairs = Object.entries(part.variables)
  if (part.form === 'env') {
    return { language: 'ini', text: pairs.map(([name, value]) => `${name}=${quoteInFile(value)}\n`).join('') }
  }
  const command = part.command === undefined ? '' : `${part.command}\n`
  const isWindows = platform === 'win32'
  const lines = pairs.map(([name, value]) =>
    isWindows ? `$env:${name} = '${value}'\n` : `export ${name}=${quoteInShell(value)}\n`,
  )
  return { language: isWindows ? 'powershell' : 'sh', text: lines.join('') + command }
}

function quoteInShell(value: string): string {
  return /^[\w.:/@%+=,~-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}

/** What brackets or commas may mean in such a file depends on who reads it. */
function quoteInFile(value: string): string {
  return /[<>#"']/.test(value) ? `"${value}"` : value
}
