/** Runs before the first paint, so that a page never flashes in the other theme or language. */
import { applyPreferences, readPreferences } from './state/preferences.ts'

applyPreferences(readPreferences())
