import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'good' | 'warn' | 'bad' | 'idle' | 'busy'

const icons: Record<Tone, IconName> = { good: 'check', warn: 'warn', bad: 'error', idle: 'off', busy: 'wait' }

/** A state: never by its colour alone. */
export function Badge({
  tone,
  children,
  title,
}: {
  tone: Tone
  children: ComponentChildren
  title?: string | undefined
}) {
  return (
    <span class={`badge ${tone}`} title={title}>
      <Icon name={icons[tone]} />
      {children}
    </span>
  )
}
