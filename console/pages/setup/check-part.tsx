import { useEffect, useRef, useState } from 'preact/hooks'
import type { Setup } from '../../api/types.ts'
import { formatMilliseconds } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { checkMessages, reasonMessages } from './check-messages.ts'
import type { ShellName } from './choice.ts'
import { fillIn, HIDDEN_KEY } from './fill-in.ts'
import { runCheck, type CheckResult } from './run-check.ts'
import { needsKey } from './setup-store.ts'
import { Snippet } from './snippets-part.tsx'

interface CheckPartProps {
  setup: Setup
  /** The key may be what stands for one. */
  values: { origin: string; key: string }
  hasKey: boolean
  shell: ShellName
  /** Whether the key is on the screen. */
  isShown: boolean
  /** Told the id of the request that was made. */
  onRequest: (id: string) => void
}

/** Asks as the client would, and says what came of it. */
export function CheckPart({ setup, values, hasKey, shell, isShown, onRequest }: CheckPartProps) {
  const text = speak(checkMessages)
  const [result, setResult] = useState<CheckResult | 'busy'>()
  const leaving = useRef(new AbortController())
  useEffect(() => () => leaving.current.abort(), [])
  const isAbsent = !hasKey && needsKey()
  const here = window.location.origin
  const command = fillIn(setup.check.commands[shell], values)
  const shown = isShown ? values : { ...values, key: HIDDEN_KEY }

  async function run(): Promise<void> {
    setResult('busy')
    const { signal } = leaving.current
    try {
      const outcome = await runCheck({ setup, key: values.key, origin: here, signal })
      if (outcome.requestId !== undefined) onRequest(outcome.requestId)
      setResult(outcome.result)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
  return (
    <>
      <div class="actions spread">
        <h2>{text('title')}</h2>
        <Button
          look="primary"
          icon="play"
          isBusy={result === 'busy'}
          aria-disabled={isAbsent}
          title={isAbsent ? text('needsKey') : undefined}
          onClick={() => !isAbsent && void run()}
        >
          {text('run')}
        </Button>
      </div>
      <p class="hint break">{text('why', { client: setup.title, path: setup.check.path })}</p>
      {isAbsent && <p class="hint">{text('needsKey')}</p>}
      <div aria-live="polite" class="stack setup-live">
        {result === 'busy' && <p class="hint">{text('running')}</p>}
        {result !== undefined && result !== 'busy' && <Result result={result} />}
      </div>
      {values.origin !== here && (
        <>
          <p class="hint break">{text('elsewhere', { here, there: values.origin })}</p>
          <Snippet label="curl" shown={fillIn(setup.check.commands[shell], shown)} copied={command} />
        </>
      )}
    </>
  )
}

function Result({ result }: { result: CheckResult }) {
  const text = speak(checkMessages)
  const why = speak(reasonMessages)
  if (result.kind === 'passed') {
    return (
      <div class="setup-result">
        <p>
          <Badge tone="good">{text('passed', { time: formatMilliseconds(result.milliseconds) })}</Badge>
        </p>
        {result.words !== '' && (
          <p class="break">
            {text('answer')} <q>{result.words}</q>
          </p>
        )}
      </div>
    )
  }
  return (
    <div class="setup-result">
      <p>
        <Badge tone="bad">{text('failed')}</Badge>
      </p>
      <p>{why(result.reason)}</p>
      {result.says !== undefined && (
        <p class="hint break">
          {text('says')} ({result.status}): <span lang="en">{result.says}</span>
        </p>
      )}
    </div>
  )
}
