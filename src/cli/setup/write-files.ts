import type { Change } from '../../client-setups/change.ts'
import {
  KEY_PLACEHOLDER,
  type ClientSetup,
  type SettingsFile,
  type SetupValues,
} from '../../client-setups/client-setup.ts'
import { MergeRefused } from '../../client-setups/merge-refused.ts'
import { mergeSettings, type MergedFile } from '../../client-setups/merge-settings.ts'
import type { Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'
import { confirm } from '../confirm.ts'
import { createColours } from '../terminal/colours.ts'
import { printable } from '../terminal/printable.ts'
import { findSettingsFile, replaceSettingsFile, type FoundFile } from './settings-file.ts'

export interface WrittenFile {
  path: string
  changes: readonly Change[]
  /** Whether the placeholder stands in it. */
  needsKey: boolean
  /** Where the old file is kept; absent when there was none, or nothing was to change. */
  copy?: string
}

/** In place of a key that is made only after the answer. */
const KEY_TO_COME = 'key-to-come'

interface Plan {
  setup: ClientSetup
  values: SetupValues
  isNewKey: boolean
  yes: boolean | undefined
}

/** Tells what will change, and asks. Throws when the answer is no, or when a file cannot be changed. */
export async function planFiles({ setup, values, isNewKey, yes }: Plan, cli: Cli): Promise<void> {
  const merged = await mergeFiles(setup, isNewKey ? { ...values, key: KEY_TO_COME } : values, cli)
  for (const { found, changes } of merged) {
    cli.terminal.note(`${printable(found.path)}${found.text === undefined ? ' (new)' : ''}\n`)
    for (const change of changes) cli.terminal.note(writeChange(change, cli))
  }
  const changed = merged.filter(({ changes }) => changes.length > 0)
  if (changed.length === 0) return
  await confirm(cli, yes, `Write ${changed.map(({ found }) => printable(found.path)).join(', ')}?`)
}

export async function writeFiles(setup: ClientSetup, values: SetupValues, cli: Cli): Promise<WrittenFile[]> {
  const written: WrittenFile[] = []
  for (const { file, found, text, changes } of await mergeFiles(setup, values, cli)) {
    const holdsKey = JSON.stringify(file.content).includes(values.key)
    const copy =
      changes.length === 0
        ? undefined
        : await replaceSettingsFile(found, { text, holdsKey, now: cli.clock.now() })
    const needsKey = text.includes(KEY_PLACEHOLDER)
    written.push({ path: found.path, changes, needsKey, ...(copy !== undefined && { copy }) })
  }
  return written
}

type Merge = MergedFile & { file: SettingsFile; found: FoundFile }

async function mergeFiles(setup: ClientSetup, values: SetupValues, cli: Cli): Promise<Merge[]> {
  const files = setup.parts(values).flatMap((part) => (part.kind === 'file' && part.place ? [part] : []))
  return Promise.all(
    files.map(async (file) => {
      const found = await findSettingsFile(file, cli, process.platform)
      return { file, found, ...merge(file, found) }
    }),
  )
}

function merge(file: SettingsFile, { path, text }: FoundFile): MergedFile {
  try {
    return mergeSettings(file, text)
  } catch (error) {
    if (!(error instanceof MergeRefused)) throw error
    throw new CommandError(
      `${path} was left as it is, because ${error.message}. Put the settings in by hand.`,
    )
  }
}

function writeChange({ setting, before, after }: Change, { terminal }: Cli): string {
  const { good, bad } = createColours(terminal.hasColours)
  const now = good(printable(after))
  const name = printable(setting)
  return before === undefined ? `  + ${name}: ${now}\n` : `  ~ ${name}: ${bad(printable(before))} → ${now}\n`
}
