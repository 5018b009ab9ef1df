/** The settings as the gateway has them, and what was typed and not saved: it stays while other pages are looked at. */
import { signal } from '@preact/signals'
import { ask } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Settings } from '../../api/types.ts'
import { whenNews } from '../../state/live.ts'
import { createResource } from '../../state/resource.ts'
import { changesOf, withoutDraft, type Drafts } from './setting-drafts.ts'

export const settings = createResource<Settings>((stop) => ask<Settings>('/v2/settings', { signal: stop }))

export const drafts = signal<Drafts>(new Map())

/** For as long as a page shows them: each change is an event. Answers how to stop. */
export function followSettings(): () => void {
  return whenNews(['events'], () => void settings.load())
}

/** Null: as if it had never been set here. Throws a Problem. */
export async function saveSettings(revision: number, changes: Record<string, string | null>): Promise<void> {
  const body = { revision, settings: changes }
  settings.set(await ask<Settings>('/v2/settings', { method: 'PATCH', body }))
  for (const name of Object.keys(changes)) drafts.value = withoutDraft(drafts.value, name)
}

/** Answers how many were saved. Throws a Problem; what was overtaken is read anew first. */
export async function saveDrafts(): Promise<number> {
  const { value } = settings.state.peek()
  if (value === undefined) return 0
  const changes = changesOf(value.settings, drafts.peek())
  try {
    await saveSettings(value.revision, changes)
  } catch (error) {
    if (isOvertakenBy(error)) await settings.load()
    throw error
  }
  return Object.keys(changes).length
}

export function isOvertakenBy(error: unknown): boolean {
  return error instanceof Problem && error.code === 'settings_changed'
}
