/** What an operator sees of the settings, and does about them. */
import { GatewayError } from '../conversation/failures.ts'
import type { Actor, Happening } from '../events/event.ts'
import { judgeStored, refusalOf } from './judge-stored.ts'
import type { LiveSettings, SettingsState } from './live-settings.ts'
import { readConsoleText } from './read-console-text.ts'
import { defaultOf, findSetting, readSettingText, settings, type Setting } from './setting-facts.ts'
import type { SettingsStore } from './settings-store.ts'

export interface SettingView extends Setting {
  /** What holds now, as the environment would have it. Null: there is none, or it is a secret. */
  value: string | null
  isSet: boolean
  /** What holds where nobody sets it. */
  default: string | null
  source: 'environment' | 'console' | 'default'
  /** What was set in the console, whether it counts or not. Null: nothing, or it is a secret. */
  inConsole: string | null
  isInConsole: boolean
  /** What will hold after a restart, where that is something else. */
  pending: { value: string | null } | undefined
  /** Why what was set in the console does not count. */
  problem: string | undefined
}

export interface SettingsView {
  revision: number
  settings: SettingView[]
  /** Set in the console at some time, and no settings of this version. */
  unknown: { name: string; problem: string }[]
}

/** By name; null: as if it had never been set in the console. */
export type SettingChanges = Readonly<Record<string, string | null>>

export interface SettingsDesk {
  view(): Promise<SettingsView>
  /**
   * All of them or none; they hold in this process when it resolves. False: somebody has changed something since that
   * revision. Throws `invalid-request` with the name of the setting that is at fault.
   */
  change(revision: number, changes: SettingChanges, by: Actor): Promise<boolean>
}

export function createSettingsDesk(parts: { live: LiveSettings; store: SettingsStore }): SettingsDesk {
  const { live, store } = parts
  return {
    async view() {
      await live.catchUp()
      const state = live.state()
      const unknown = [...state.ignored].filter(([name]) => findSetting(name) === undefined)
      return {
        revision: state.revision,
        settings: settings.map((setting) => viewSetting(setting, state)),
        unknown: unknown.map(([name, problem]) => ({ name, problem })),
      }
    },

    async change(revision, changes, by) {
      await live.catchUp()
      const state = live.state()
      const values = new Map(Object.entries(changes).map((change) => readChange(change, state)))
      if (state.revision !== revision) return false
      refuseMisfits(values, state)
      const tell = (before: ReadonlyMap<string, string>) => tellChanges({ before, values, by })
      const isDone = await store.change(revision, { values, tell })
      await live.reload()
      return isDone
    },
  }
}

function viewSetting(setting: Setting, state: SettingsState): SettingView {
  const { name, reserved } = setting
  const { given, running, accepted, values, ignored } = state
  const fallback = defaultOf(name)
  const set = given[name] ?? running.get(name)
  const shown = set === undefined ? fallback : show(setting, set)
  const next = show(setting, given[name] ?? accepted.get(name)) ?? fallback
  return {
    ...setting,
    value: reserved === 'secret' ? null : shown,
    isSet: set !== undefined,
    default: fallback,
    source: sourceOf(name, state),
    inConsole: show(setting, values.get(name)),
    isInConsole: values.has(name),
    pending: reserved === undefined && next !== shown ? { value: next } : undefined,
    problem: ignored.get(name),
  }
}

function sourceOf(name: string, { given, running }: SettingsState): SettingView['source'] {
  if (Object.hasOwn(given, name)) return 'environment'
  return running.has(name) ? 'console' : 'default'
}

/** What is not a value of the setting is shown as it stands: nothing but the console has put it there. */
function show({ name, reserved }: Setting, text: string | undefined): string | null {
  if (text === undefined || reserved === 'secret') return null
  const reading = readSettingText(name, text)
  return reading.isValid ? reading.text : text
}

/** Throws what is wrong with it. */
function readChange(
  [name, text]: [string, string | null],
  { given }: SettingsState,
): [string, string | null] {
  const setting = findSetting(name)
  // What an earlier version has left can be taken away, whatever the setting is now.
  if (text === null) return [name, null]
  if (setting === undefined) throw refused(name, 'is not known.')
  if (setting.reserved !== undefined) throw refused(name, 'can be set in the environment alone.')
  if (Object.hasOwn(given, name)) throw refused(name, 'is set in the environment, which goes before.')
  if (text.trim() === '') throw refused(name, 'must not be empty: null takes it back to its default.')
  const reading = readConsoleText(setting.name, text)
  if (!reading.isValid) throw refused(name, reading.why)
  if (reading.text === '') throw refused(name, 'must not be empty: null takes it back to its default.')
  return [name, reading.text]
}

/** Throws when the values do not go together with each other and with the environment. */
function refuseMisfits(values: ReadonlyMap<string, string | null>, { given, values: stored }: SettingsState) {
  const after = new Map(stored)
  for (const [name, value] of values) {
    if (value === null) after.delete(name)
    else after.set(name, value)
  }
  // What did not count before does not stand in the way.
  const { accepted } = judgeStored(given, after)
  for (const [name, value] of values) {
    if (value === null || accepted.has(name)) continue
    throw refused(name, `does not go with the others: ${refusalOf(given, new Map([[name, value]])) ?? ''}`)
  }
}

function refused(name: string, why: string): GatewayError {
  return new GatewayError('invalid-request', `${name} ${why}`, { field: name })
}

interface Telling {
  before: ReadonlyMap<string, string>
  values: ReadonlyMap<string, string | null>
  by: Actor
}

/** What stays as it was is not worth a word. A secret can only be taken away: an earlier version may have left one. */
function tellChanges({ before: stored, values, by }: Telling): Happening[] {
  return [...values].flatMap(([name, value]) => {
    const old = stored.get(name) ?? null
    if (old === value) return []
    const subject = { kind: 'setting', id: name } as const
    const isSecret = findSetting(name)?.reserved === 'secret'
    const before = { value: isSecret ? '(hidden)' : old }
    return [{ kind: 'setting-changed', actor: by, subject, before, after: { value } } as const]
  })
}
