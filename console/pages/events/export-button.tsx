import { useEffect, useRef, useState } from 'preact/hooks'
import { defineMessages, speak } from '../../i18n/messages.ts'
import { describeProblem } from '../../i18n/problems.ts'
import { Button } from '../../parts/button.tsx'
import { showToast } from '../../state/toasts.ts'
import { toQuery, type EventFilter } from './event-filter.ts'
import { readEvents } from './event-list.ts'
import { gatherAll } from './event-pages.ts'

const messages = defineMessages(
  {
    export: 'Export',
    hint: 'The events that match, as NDJSON, 20,000 at most. Names are not masked in it.',
    progress: { one: '{count} so far: stop', other: '{count} so far: stop' },
    done: { one: '{count} event exported.', other: '{count} events exported.' },
    cut: 'The newest {count} events were exported; narrow the range for the others.',
  },
  {
    export: '导出',
    hint: '将符合条件的事件导出为 NDJSON，最多 20,000 条。其中的名称不会隐藏。',
    progress: { other: '已读取 {count} 条，点击停止' },
    done: { other: '已导出 {count} 条事件。' },
    cut: '已导出最新的 {count} 条事件；其余部分请缩小时间范围后再导出。',
  },
)

const MOST = 20_000
const AT_ONCE = '200'

/** Makes the file in the browser, of what the filter shows. */
export function ExportButton({ filter }: { filter: EventFilter }) {
  const text = speak(messages)
  const [count, setCount] = useState<number>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  async function run(): Promise<void> {
    const stop = new AbortController()
    running.current = stop
    setCount(0)
    const query = { ...toQuery(filter, Date.now()), limit: AT_ONCE }
    try {
      const { entries, isWhole } = await gatherAll(
        (cursor) => readEvents({ ...query, ...(cursor !== undefined && { cursor }) }, stop.signal),
        { most: MOST, tell: setCount },
      )
      save(entries.map((entry) => `${JSON.stringify(entry)}\n`))
      showToast({ kind: 'done', text: text(isWhole ? 'done' : 'cut', { count: entries.length }) })
    } catch (error) {
      if (!stop.signal.aborted) showToast({ kind: 'failed', text: describeProblem(error) })
    }
    setCount(undefined)
  }

  const isRunning = count !== undefined
  return (
    <Button
      icon={isRunning ? 'close' : 'download'}
      title={text('hint')}
      onClick={() => (isRunning ? running.current?.abort() : void run())}
    >
      {isRunning ? text('progress', { count }) : text('export')}
    </Button>
  )
}

function save(lines: string[]): void {
  const address = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `aqueduct-events-${new Date().toISOString().slice(0, 10)}.ndjson`
  link.click()
  URL.revokeObjectURL(address)
}
