/**
 * The settings as they hold in this process. What may change while it runs is read here at each use and kept by nobody; what
 * may not stays as it was at the start, whatever is set meanwhile.
 */
import type { Config } from '../config.ts'
import { combine, judgeStored, type Judgement } from './judge-stored.ts'
import { findSetting } from './setting-facts.ts'
import type { SettingsStore, StoredSettings } from './settings-store.ts'

export interface SettingsState extends StoredSettings, Judgement {
  /** What the environment says. */
  given: Readonly<Record<string, string>>
  /** What counts in this process: of what needs a restart, as it was at the start. */
  running: ReadonlyMap<string, string>
}

export interface LiveSettings {
  /** What holds now. To be read at each use: nothing of it is to be kept. */
  current(): Config
  /** Told after each change; for what has to do something about it. */
  onChange(listener: (now: Config) => void): void
  state(): SettingsState
  /** Of what was set in the console and needs a restart: what has held since the start. */
  atStart: ReadonlyMap<string, string>
  /** Reads them anew; what was stored before the call holds when it resolves. */
  reload(): Promise<void>
  /** The same, if anything has changed since. */
  catchUp(): Promise<void>
}

interface LiveSettingsParts {
  /** As the environment has it. */
  config: Config
  store: Pick<SettingsStore, 'readRevision' | 'read'>
  /** This process's part of what several share. */
  share?: ((config: Config) => Config) | undefined
  /** What needs a restart, where this process has joined others that began with it; what is stored has changed since, perhaps. */
  joined?: ReadonlyMap<string, string> | undefined
  /** Told of each value that was set in the console and does not count. */
  warn: (facts: { setting: string; why: string }) => void
}

export async function openSettings(parts: LiveSettingsParts): Promise<LiveSettings> {
  const { store, share = (config) => config, warn } = parts
  const { given } = parts.config
  const listeners = new Set<(now: Config) => void>()
  const warned = new Map<string, string>()
  let reading = Promise.resolve()
  const stored = await store.read()
  const first = judge(stored)
  const atStart = parts.joined ?? new Map(waiting(first.accepted))
  let state = join(stored, first)
  let current = state.running.size === 0 ? parts.config : share(combine(given, state.running))

  function judge({ values }: StoredSettings): Judgement {
    const judged = judgeStored(given, values)
    tellIgnored(judged.ignored)
    return judged
  }

  function join(found: StoredSettings, judged: Judgement): SettingsState {
    const running = new Map([...atStart, ...immediate(judged.accepted)])
    return { ...found, ...judged, given, running }
  }

  function tellIgnored(ignored: ReadonlyMap<string, string>): void {
    for (const [setting, why] of ignored) {
      if (warned.get(setting) !== why) warn({ setting, why })
    }
    warned.clear()
    for (const [setting, why] of ignored) warned.set(setting, why)
  }

  async function read(isDue: (revision: number) => boolean): Promise<void> {
    if (!isDue(await store.readRevision())) return
    const newest = await store.read()
    const joined = join(newest, judge(newest))
    const next = share(combine(given, joined.running))
    state = joined
    current = next
    for (const listener of listeners) listener(next)
  }

  /** One after the other, so that what was read last was read latest. */
  function readInTurn(isDue: (revision: number) => boolean): Promise<void> {
    const turn = reading.then(() => read(isDue))
    reading = turn.catch(() => {})
    return turn
  }

  return {
    current: () => current,
    onChange: (listener) => void listeners.add(listener),
    state: () => state,
    atStart,
    reload: () => readInTurn(() => true),
    catchUp: () => readInTurn((revision) => revision !== state.revision),
  }
}

const isImmediate = (name: string) => findSetting(name)?.applies === 'at-once'

function immediate(values: ReadonlyMap<string, string>): [string, string][] {
  return [...values].filter(([name]) => isImmediate(name))
}

function waiting(values: ReadonlyMap<string, string>): [string, string][] {
  return [...values].filter(([name]) => !isImmediate(name))
}
