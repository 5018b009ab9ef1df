/** Language, theme and privacy: at the door as well as inside. */
import { defineMessages, speak } from '../i18n/messages.ts'
import { changePreferences, preferences } from '../state/settings.ts'
import { IconButton } from './button.tsx'

const messages = defineMessages(
  {
    language: '切换到中文',
    dark: 'Dark theme',
    light: 'Light theme',
    show: 'Show names (Shift+P)',
    hide: 'Mask names (Shift+P)',
  },
  {
    language: 'Switch to English',
    dark: '深色主题',
    light: '浅色主题',
    show: '显示名称（Shift+P）',
    hide: '隐藏名称（Shift+P）',
  },
)

export function LanguageButton() {
  const text = speak(messages)
  const other = preferences.value.language === 'en' ? 'zh-CN' : 'en'
  return (
    <IconButton
      icon="language"
      label={text('language')}
      lang={other}
      onClick={() => changePreferences({ language: other })}
    />
  )
}

export function ThemeButton() {
  const text = speak(messages)
  const isDark = isDarkNow()
  return (
    <IconButton
      icon={isDark ? 'sun' : 'moon'}
      label={text(isDark ? 'light' : 'dark')}
      onClick={() => changePreferences({ theme: isDark ? 'light' : 'dark' })}
    />
  )
}

export function PrivacyButton() {
  const text = speak(messages)
  const { privacy } = preferences.value
  return (
    <IconButton
      icon={privacy ? 'eyeOff' : 'eye'}
      label={text(privacy ? 'show' : 'hide')}
      aria-pressed={privacy}
      onClick={() => changePreferences({ privacy: !privacy })}
    />
  )
}

export function isDarkNow(): boolean {
  const { theme } = preferences.value
  return theme === 'dark' || (theme === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches)
}
