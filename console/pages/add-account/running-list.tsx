import { useEffect, useMemo } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { SignInList } from '../../api/types.ts'
import { formatCountdown } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Private } from '../../parts/private.tsx'
import { whenNews } from '../../state/live.ts'
import { now } from '../../state/now.ts'
import { createResource } from '../../state/resource.ts'
import { groupCode } from './group-code.ts'
import { messages } from './messages.ts'
import { isOnItsWay } from './wizard.ts'

/** Sign-ins that were begun here or elsewhere: a window that was closed loses nothing. */
export function RunningList({ onResume }: { onResume: (authId: string) => void }) {
  const text = speak(messages)
  const list = useMemo(() => createResource((signal) => ask<SignInList>('/v2/auth', { signal })), [])
  useEffect(() => whenNews(['sign-ins'], () => void list.load()), [list])
  const { value, readAt = 0 } = list.state.value
  const running = value?.signIns.filter(isOnItsWay) ?? []
  // What cannot be listed does not keep anybody from beginning another.
  if (running.length === 0) return null
  const age = Math.max(0, (now.value - readAt) / 1000)
  return (
    <section class="card running">
      <h3>{text('running')}</h3>
      <ul>
        {running.map(({ authId, label, userCode, remaining }) => (
          <li key={authId}>
            <span class="break">{label !== null && <Private text={label} />}</span>
            <span class="mono">
              {userCode === null
                ? text('approvedAlready')
                : text('runningCode', { code: groupCode(userCode) })}
            </span>
            <span class="hint">
              {userCode !== null && text('left', { time: formatCountdown(remaining - age) })}
            </span>
            <Button onClick={() => onResume(authId)}>{text('goOn')}</Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
