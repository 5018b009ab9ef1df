/** What is said of settings. To be called while a component renders. */
import type { Setting } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import type { Fault } from './setting-drafts.ts'
import { messages } from './messages.ts'
import { settingTexts } from './setting-texts.ts'

const titles = settingTexts.en

function isTitled(name: string): name is keyof typeof titles {
  return Object.hasOwn(titles, name)
}

/** A setting that a newer gateway has is called by its variable. */
export function sayTitle(name: string): string {
  return isTitled(name) ? speak(settingTexts)(name) : name
}

export function sayHelp(name: string): string {
  const key = `${name}_help`
  return isTitled(key) ? speak(settingTexts)(key) : ''
}

export function sayUnit({ unit }: Pick<Setting, 'unit'>): string {
  const text = speak(messages)
  switch (unit) {
    case 'seconds':
      return text('inSeconds')
    case 'megabytes':
      return text('inMegabytes')
    case 'hours':
      return text('inHours')
    case 'days':
      return text('inDays')
    case 'percent':
      return text('inPercent')
    case null:
    default:
      return ''
  }
}

/** As people read it; null: there is none. */
export function sayValue(setting: Setting, value: string | null): string {
  const text = speak(messages)
  if (value === null || value === '') return text('none')
  if (setting.kind.type === 'flag') return text(value === 'true' ? 'on' : 'off')
  const unit = sayUnit(setting)
  return unit === '' ? value : `${value} ${unit}`
}

export function sayFault({ kind }: Setting, fault: Fault): string {
  const text = speak(messages)
  if (fault === 'empty' || kind.type !== 'number') return text('mustFill')
  const { least, most } = kind
  return text(fault === 'whole' ? 'mustWhole' : 'mustNumber', { least, most })
}

/** What one may type. */
export function sayBounds({ kind }: Setting): string {
  const text = speak(messages)
  if (kind.type === 'list') return text('listHint')
  if (kind.type !== 'number') return ''
  const { least, most } = kind
  return text(kind.isWhole ? 'wholeBetween' : 'between', { least, most })
}

export function sayLock({ lockedBy }: Setting): string {
  const text = speak(messages)
  switch (lockedBy) {
    case 'environment':
      return text('lockedEnvironment')
    case 'start':
      return text('lockedStart')
    case 'secret':
      return text('lockedSecret')
    case 'safety':
      return text('lockedSafety')
    case null:
    default:
      return ''
  }
}
