import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { Time } from '../../../parts/time.tsx'
import { snapshot } from '../../../state/live.ts'
import { settings } from '../settings-store.ts'
import { Card, SystemCard } from './card.tsx'
import { writeDiagnostics } from './diagnostics.ts'
import { messages } from './messages.ts'
import { system } from './system-store.ts'

const LICENCE = 'https://www.apache.org/licenses/LICENSE-2.0'

export function AboutCards() {
  const text = speak(messages)
  return (
    <>
      <SystemCard title={text('aboutTitle')}>
        {({ version, node, platform, startedAt, workers }) => (
          <dl class="facts">
            <dt>{text('version')}</dt>
            <dd>{version}</dd>
            <dt>{text('node')}</dt>
            <dd>{node}</dd>
            <dt>{text('platform')}</dt>
            <dd>{platform}</dd>
            <dt>{text('started')}</dt>
            <dd>
              <Time at={startedAt} />
            </dd>
            <dt>{text('workers')}</dt>
            <dd>{workers}</dd>
            <dt>{text('licence')}</dt>
            <dd>
              <a href={LICENCE} target="_blank" rel="noopener noreferrer">
                Apache-2.0
              </a>
            </dd>
            <dt>{text('apiDocs')}</dt>
            <dd>
              <a href="/docs">/docs</a>
            </dd>
          </dl>
        )}
      </SystemCard>
      <Diagnostics />
    </>
  )
}

/** Nothing is copied that was not shown. */
function Diagnostics() {
  const text = speak(messages)
  const view = settings.state.value.value
  const bundle = writeDiagnostics({
    system: system.state.value.value,
    settings: view?.settings ?? [],
    snapshot: snapshot.value,
  })
  function download(): void {
    const url = URL.createObjectURL(new Blob([bundle], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = 'aqueduct-diagnostics.json'
    link.click()
    window.setTimeout(() => URL.revokeObjectURL(url), 0)
  }
  return (
    <Card title={text('diagnosticsTitle')}>
      <p class="hint">{text('diagnosticsWhy')}</p>
      <pre class="diagnostics" tabIndex={0} role="region" aria-label={text('diagnostics')}>
        {bundle}
      </pre>
      <div class="actions">
        <CopyButton text={bundle} label={text('copy')} />
        <Button icon="download" onClick={download}>
          {text('download')}
        </Button>
      </div>
    </Card>
  )
}
