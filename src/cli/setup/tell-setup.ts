import type { ClientSetup, SetupPart, SetupValues } from '../../client-setups/client-setup.ts'
import { KEY_PLACEHOLDER } from '../../client-setups/client-setup.ts'
import { writePart } from '../../client-setups/write-part.ts'
import type { Cli } from '../cli.ts'
import type { Finding } from '../doctor/finding.ts'
import { createColours } from '../terminal/colours.ts'
import { printable } from '../terminal/printable.ts'
import type { WrittenFile } from './write-files.ts'

const NEEDS_KEY = `${KEY_PLACEHOLDER} stands for a key: say --key or --new-key. While the gateway has none, any text will do.`

interface Told {
  data: object
  text(): string
}

interface State {
  values: SetupValues
  /** Undefined: nothing was to be written. */
  written: readonly WrittenFile[] | undefined
  platform: string
}

/** What to set, as data and for people. Of what was written only the names. */
export function tellSetup(setup: ClientSetup, { values, written, platform }: State, cli: Cli): Told {
  const all = setup.parts(values)
  // One who has the file needs the variables only where the file does not hold the key.
  const parts = written === undefined ? all : all.filter((part) => isLeft(part, all, values.key))
  const texts = parts.map((part) => ({
    title: part.title,
    ...writePart(part, platform === 'win32' ? 'powershell' : 'sh'),
  }))
  const needsKey =
    values.key === KEY_PLACEHOLDER &&
    (written?.some((file) => file.needsKey) === true ||
      texts.some(({ text }) => text.includes(KEY_PLACEHOLDER)))
  const warnings = [...(needsKey ? [NEEDS_KEY] : []), ...warningsOf(setup, values, cli)]
  return {
    data: {
      client: setup.name,
      title: setup.title,
      baseUrl: setup.baseUrlOf(values.origin),
      model: values.model,
      settings: texts,
      ...(written !== undefined && { written }),
      remarks: setup.remarks.map(({ en }) => en),
      warnings,
      guide: guideOf(setup),
    },
    text: () => {
      const { strong, faint, doubtful } = createColours(cli.terminal.hasColours)
      return [
        ...(written ?? []).map(writeWritten),
        ...texts.map(({ title, text }) => `${strong(title)}\n\n${indent(text)}\n`),
        ...setup.remarks.map(({ en }) => `${en}\n`),
        ...warnings.map((warning) => `${doubtful(warning)}\n`),
        faint(`More: ${guideOf(setup)}\n`),
      ].join('')
    },
  }
}

export function writeFindings(findings: readonly Finding[], { terminal }: Pick<Cli, 'terminal'>): string {
  const { good, bad } = createColours(terminal.hasColours)
  return findings
    .map(({ subject, state, says, remedy }) => {
      const mark = state === 'good' ? good('ok     ') : bad('WRONG  ')
      const line = `${mark} ${subject}: ${printable(says)}\n`
      return remedy === undefined ? line : `${line}        → ${remedy}\n`
    })
    .join('')
}

function isLeft(part: SetupPart, all: readonly SetupPart[], key: string): boolean {
  if (part.kind === 'file') return part.place === undefined
  const fileHoldsKey = all.some((each) => each.kind === 'file' && JSON.stringify(each.content).includes(key))
  return !fileHoldsKey
}

function warningsOf({ calledFrom, rivals }: ClientSetup, { origin }: SetupValues, cli: Cli): string[] {
  const set = rivals.filter((name) => cli.environment[name])
  const isPublic = origin.startsWith('https://') && !origin.endsWith('.example.com')
  return [
    ...set.map((name) => `${name} is set in your environment and may be heeded in place of this: unset it.`),
    ...(calledFrom === 'the Internet' && !isPublic
      ? ['It needs a public address with https: set PUBLIC_URL, or say it with --url.']
      : []),
  ]
}

function writeWritten({ path, changes, copy }: WrittenFile): string {
  if (changes.length === 0) return `${printable(path)} has these settings already.\n`
  const kept = copy === undefined ? '' : ` What was there is in ${printable(copy)}.`
  return `Wrote ${printable(path)}.${kept}\n`
}

function guideOf({ name }: ClientSetup): string {
  return `docs/guides/${name}.md`
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
