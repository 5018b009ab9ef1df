import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { defineMessages, speak } from '../i18n/messages.ts'
import { Button } from './button.tsx'
import { Empty, Skeleton } from './states.tsx'

const messages = defineMessages(
  {
    newer: 'The gateway has a newer console',
    reason:
      'A part of this page is not there any more, or the gateway does not answer. Nothing is lost by reloading.',
    reload: 'Reload',
  },
  {
    newer: '网关的控制台已更新',
    reason: '此页面的一部分已不存在，或网关没有响应。刷新页面不会丢失任何内容。',
    reload: '刷新',
  },
)

/** A part of the console that is fetched when it is needed. `load` has to be the same function at every render. */
export function Lazy({ load }: { load: () => Promise<ComponentType> }) {
  const [loaded, setLoaded] = useState<{ by: typeof load; Part?: ComponentType }>()
  useEffect(() => {
    let isWanted = true
    const settle = (Part?: ComponentType) => {
      if (isWanted) setLoaded(Part === undefined ? { by: load } : { by: load, Part })
    }
    load().then(settle, () => settle())
    return () => {
      isWanted = false
    }
  }, [load])

  if (loaded?.by !== load) return <Skeleton />
  if (loaded.Part !== undefined) return <loaded.Part />
  return <Outdated />
}

function Outdated() {
  const text = speak(messages)
  return (
    <Empty
      icon="refresh"
      title={text('newer')}
      action={
        <Button look="primary" onClick={() => window.location.reload()}>
          {text('reload')}
        </Button>
      }
    >
      <p>{text('reason')}</p>
    </Empty>
  )
}
