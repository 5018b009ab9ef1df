/** What a page or a card shows when there is nothing to show yet, at all, or because something failed. */
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Problem } from '../api/problem.ts'
import { defineMessages, speak } from '../i18n/messages.ts'
import { describeProblem } from '../i18n/problems.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

const messages = defineMessages(
  {
    loading: 'Loading',
    again: 'Try again',
    requestId: 'Request {id}',
    tryIn: 'Can be tried again in {seconds} s.',
  },
  { loading: '加载中', again: '重试', requestId: '请求编号 {id}', tryIn: '{seconds} 秒后可重试。' },
)

const SHOWN_AFTER_MS = 150

/** In the shape of what will stand there; what comes fast never flickers. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const [isShown, setShown] = useState(false)
  const text = speak(messages)
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), SHOWN_AFTER_MS)
    return () => window.clearTimeout(timer)
  }, [])
  return (
    <div class={isShown ? 'skeleton' : 'skeleton unshown'} role="status">
      <span class="unseen">{text('loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="bone" />
      ))}
    </div>
  )
}

interface EmptyProps {
  icon: IconName
  title: string
  /** Why it is empty, and what would be here. */
  children?: ComponentChildren
  action?: ComponentChildren
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <section class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
      {action !== undefined && <div class="actions">{action}</div>}
    </section>
  )
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const text = speak(messages)
  const problem = error instanceof Problem ? error : undefined
  return (
    <section class="failed" role="alert">
      <Icon name="error" />
      <div>
        <p>{describeProblem(error)}</p>
        {problem?.retryAfterSeconds !== undefined && (
          <p class="hint">{text('tryIn', { seconds: problem.retryAfterSeconds })}</p>
        )}
        {problem?.requestId !== undefined && (
          <p class="hint">{text('requestId', { id: problem.requestId })}</p>
        )}
        {onRetry !== undefined && (
          <Button icon="refresh" onClick={onRetry}>
            {text('again')}
          </Button>
        )}
      </div>
    </section>
  )
}
