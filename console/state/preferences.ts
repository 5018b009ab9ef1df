/** What this browser remembers of how the console shall look. Nothing about the gateway, and no secret. */

export const themes = ['system', 'light', 'dark'] as const
export const languages = ['en', 'zh-CN'] as const
export type Theme = (typeof themes)[number]
export type Language = (typeof languages)[number]

export interface Preferences {
  theme: Theme
  language: Language
  /** Names of people and accounts are masked, so that screens can be shared. */
  privacy: boolean
  /** Single letters do something. */
  shortcuts: boolean
  isRailNarrow: boolean
}

const STORED_AS = 'aqueduct.preferences'

/** What is not stored, or not as expected, is as for somebody new. */
export function readPreferences(): Preferences {
  const stored = readStored()
  return {
    theme: themes.find((theme) => theme === stored['theme']) ?? 'system',
    language: languages.find((language) => language === stored['language']) ?? browserLanguage(),
    privacy: stored['privacy'] !== false,
    shortcuts: stored['shortcuts'] !== false,
    isRailNarrow: stored['isRailNarrow'] === true,
  }
}

export function storePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(preferences))
  } catch {
    // Browsers may refuse to store; then it holds until the page is left.
  }
}

/** Puts theme and language where style sheets and screen readers look for them. */
export function applyPreferences({ theme, language }: Preferences): void {
  const { documentElement } = document
  documentElement.lang = language
  if (theme === 'system') delete documentElement.dataset['theme']
  else documentElement.dataset['theme'] = theme
}

function readStored(): Record<string, unknown> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? '{}')
    return typeof stored === 'object' && stored !== null ? { ...stored } : {}
  } catch {
    return {}
  }
}

function browserLanguage(): Language {
  return navigator.languages
    .find((tag) => /^(zh|en)/i.test(tag))
    ?.toLowerCase()
    .startsWith('zh') === true
    ? 'zh-CN'
    : 'en'
}
