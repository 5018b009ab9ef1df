/** The preferences as signals: what shows them follows by itself. */
import { computed, effect, signal } from '@preact/signals'
import { applyPreferences, readPreferences, storePreferences, type Preferences } from './preferences.ts'

export const preferences = signal<Preferences>(readPreferences())
export const language = computed(() => preferences.value.language)
export const isPrivate = computed(() => preferences.value.privacy)

export function changePreferences(changes: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...changes }
  storePreferences(preferences.value)
}

/** Keeps the document in step, once for the whole page. */
export function followPreferences(): void {
  effect(() => applyPreferences(preferences.value))
}
