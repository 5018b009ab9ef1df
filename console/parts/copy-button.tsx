import { useState } from 'preact/hooks'
import { defineMessages, speak } from '../i18n/messages.ts'
import { Button } from './button.tsx'

const messages = defineMessages(
  { copy: 'Copy', copied: 'Copied', failed: 'Copy it by hand' },
  { copy: '复制', copied: '已复制', failed: '请手动复制' },
)

const SHOWN_MS = 2000

export function CopyButton({ text: copied, label }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>()
  const text = speak(messages)

  async function copy(): Promise<void> {
    const done = await writeClipboard(copied)
    setOutcome(done ? 'copied' : 'failed')
    window.setTimeout(() => setOutcome(undefined), SHOWN_MS)
  }
  return (
    <Button icon={outcome === 'copied' ? 'check' : 'copy'} onClick={() => void copy()}>
      <span aria-live="polite">{outcome === undefined ? (label ?? text('copy')) : text(outcome)}</span>
    </Button>
  )
}

/** Over plain HTTP from another machine browsers have no clipboard for pages. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
