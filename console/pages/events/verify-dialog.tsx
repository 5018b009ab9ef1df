import { useEffect, useState } from 'preact/hooks'
import { defineMessages, speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failed } from '../../parts/states.tsx'
import { checkChain, type ChainCheck } from './check-chain.ts'

const messages = defineMessages(
  {
    title: 'Verify the chain of events',
    what: 'Each event is bound to the one before. Whoever changes, removes or adds one in the database breaks the chain.',
    progress: { one: '{count} event looked at', other: '{count} events looked at' },
    intact: 'Nothing was tampered with.',
    broken: 'The events were tampered with, or the database was restored in part.',
    changed: 'Event {id} was changed.',
    cutOff: 'Events behind {id} are missing.',
    unlinked: 'What was before event {id} is not what is there now.',
    keep: 'Keep this hash elsewhere to be able to tell later that nothing before it was replaced:',
    stop: 'Stop',
    close: 'Close',
  },
  {
    title: '校验事件链',
    what: '每条事件都与前一条绑定。若有人在数据库中修改、删除或插入事件，链就会断裂。',
    progress: { other: '已检查 {count} 条事件' },
    intact: '未发现篡改。',
    broken: '事件被篡改过，或数据库只恢复了一部分。',
    changed: '事件 {id} 被修改过。',
    cutOff: '事件 {id} 之后的记录缺失。',
    unlinked: '事件 {id} 之前的记录与原来的不一致。',
    keep: '将此哈希另行保存，日后即可证明它之前的记录未被替换：',
    stop: '停止',
    close: '关闭',
  },
)

/** `newestId`: about how many there are. */
export function VerifyDialog({ newestId, onClose }: { newestId: number; onClose: () => void }) {
  const text = speak(messages)
  const [check, setCheck] = useState<ChainCheck>()
  const [error, setError] = useState<unknown>()
  const [round, setRound] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    checkChain(stop.signal, setCheck).catch((failure: unknown) => {
      if (!stop.signal.aborted) setError(failure)
    })
    return () => stop.abort()
  }, [round])

  function retry(): void {
    setError(undefined)
    setRound(round + 1)
  }
  const count = check?.checked ?? 0
  const footer = <Button onClick={onClose}>{text(check?.isDone === true ? 'close' : 'stop')}</Button>
  return (
    <Dialog title={text('title')} onClose={onClose} footer={footer}>
      <div class="stack">
        <p>{text('what')}</p>
        <div>
          <progress
            class="events-progress"
            max={Math.max(newestId, count, 1)}
            value={check?.isDone === true ? Math.max(newestId, count, 1) : count}
            aria-label={text('title')}
          />
          <p role="status">{text('progress', { count })}</p>
        </div>
        {error !== undefined && <Failed error={error} onRetry={retry} />}
        {check?.isDone === true && <Outcome check={check} />}
      </div>
    </Dialog>
  )
}

function Outcome({ check: { problems, hash } }: { check: ChainCheck }) {
  const text = speak(messages)
  if (problems.length === 0) {
    return (
      <div class="stack" role="status">
        <p>
          <Badge tone="good">{text('intact')}</Badge>
        </p>
        <p class="hint">{text('keep')}</p>
        <code class="break">{hash}</code>
      </div>
    )
  }
  return (
    <div class="stack" role="alert">
      <p class="field-error">{text('broken')}</p>
      <ul>
        {problems.map(({ kind, id }) => (
          <li key={`${kind} ${id}`}>
            {text(kind === 'changed' ? 'changed' : kind === 'cut-off' ? 'cutOff' : 'unlinked', { id })}
          </li>
        ))}
      </ul>
    </div>
  )
}
