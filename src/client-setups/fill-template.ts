/**
 * Texts that hold an address and a key which come later: where a value stands is known, and how it is quoted there. Used by
 * the gateway and by the console's page, which fills in the key: it has no imports, so that the page can have it too.
 */

/** The language that a value stands in, with what surrounds it: a whole string, word or assignment. */
export const quotings = [
  'json',
  'yaml',
  'js',
  'sh',
  'powershell',
  'powershell-argument',
  'cmd',
  'cmd-assignment',
  'env',
] as const
export type Quoting = (typeof quotings)[number]

/** Fixed text, or text with slots that is quoted once they are filled. */
export interface Piece {
  text: string
  quoting: Quoting | null
}

export interface SlotValues {
  /** Of the gateway: scheme, host and port. */
  origin: string
  key: string
}

/** What stands for the values while they are not known. */
export const slots: SlotValues = { origin: '{{origin}}', key: '{{key}}' }

/** A value that the language cannot hold. */
export class CannotQuote extends Error {
  override name = 'CannotQuote'
}

/** Throws CannotQuote. */
export function fillTemplate(pieces: readonly Piece[], values: SlotValues): string {
  return pieces
    .map(({ text, quoting }) => (quoting === null ? text : quote(quoting, fillSlots(text, values))))
    .join('')
}

export function fillSlots(text: string, { origin, key }: SlotValues): string {
  return text.replaceAll(/\{\{(origin|key)\}\}/g, (_, name: string) => (name === 'key' ? key : origin))
}

/** As the language writes it. Throws CannotQuote. */
export function quote(quoting: Quoting, value: string): string {
  // What ends a line ends more than a string in most of these.
  if (/\p{Cc}/u.test(value)) throw new CannotQuote('It has control characters.')
  return writers[quoting](value)
}

const writers: Record<Quoting, (value: string) => string> = {
  json: (value) => JSON.stringify(value),
  yaml: (value) => (isPlainYaml(value) ? value : JSON.stringify(value)),
  js: (value) => `'${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
  sh: (value) => (/^[\w.:/@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`),
  powershell: quoteInPowershell,
  'powershell-argument': (value) => {
    if (isPlainWord(value)) return value
    // Windows PowerShell hands them to programs without what protects them.
    if (/"|\\$/.test(value)) throw new CannotQuote('PowerShell does not hand on quotes.')
    return quoteInPowershell(value)
  },
  cmd: (value) => (isPlainWord(value) ? value : quoteArgumentInCmd(value)),
  'cmd-assignment': (value) => {
    if (/["%]/.test(value)) throw new CannotQuote('cmd has no way to write quotes and percent signs.')
    return `"${value}"`
  },
  env: quoteInFile,
}

/** On Windows. */
function isPlainWord(value: string): boolean {
  return /^[\w./:-]+$/.test(value)
}

/** `-` and words like `yes` or `1e3` would be something else than text. */
function isPlainYaml(value: string): boolean {
  return (
    /^(https?:\/\/)?[a-z][\w.:/@+=-]*$/i.test(value) &&
    !/:$|^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
  )
}

/** It takes typographic quotation marks for plain ones. */
function quoteInPowershell(value: string): string {
  return `'${value.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`
}

/** For a program that reads its arguments as those of Microsoft's compiler do. */
function quoteArgumentInCmd(value: string): string {
  if (value.includes('%')) throw new CannotQuote('cmd has no way to write percent signs.')
  // Between inner quotes cmd takes these for its own.
  if (value.includes('"') && /[&|<>^]/.test(value)) throw new CannotQuote('cmd would split it.')
  let written = ''
  let backslashes = 0
  for (const sign of value) {
    // In front of a quote they count twice.
    const isQuote = sign === '"'
    if (sign === '\\') backslashes += 1
    else {
      written += '\\'.repeat(isQuote ? 2 * backslashes + 1 : backslashes) + sign
      backslashes = 0
    }
  }
  return `"${written}${'\\'.repeat(2 * backslashes)}"`
}

/** Of files like `.env`: programs differ in what they make of quotes, and agree on these. */
function quoteInFile(value: string): string {
  if (!/[<>#"'$\\`]|^\s|\s$/.test(value)) return value
  if (!/["$\\`]/.test(value)) return `"${value}"`
  if (!value.includes("'")) return `'${value}'`
  throw new CannotQuote('Such files have no way to write it.')
}
