import { useState } from 'preact/hooks'
import { isShownByField } from '../../../api/field-problem.ts'
import { ask } from '../../../api/client.ts'
import type { ProxyTrial } from '../../../api/types.ts'
import { formatMilliseconds } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Button } from '../../../parts/button.tsx'
import { TextField } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { Card } from './card.tsx'
import { messages } from './messages.ts'

const outcomes = {
  works: 'proxyWorks',
  unreachable: 'proxyUnreachable',
  'wrong-credentials': 'proxyCredentials',
  refused: 'proxyRefused',
  untrusted: 'proxyUntrusted',
  'no-answer': 'proxyNoAnswer',
  'too-late': 'proxyTooLate',
  unused: 'proxyUnused',
} as const satisfies Record<ProxyTrial['outcome'], keyof (typeof messages)['en']>

/** Whether the service can be reached by way of a proxy: the one that is set, or one that might be. */
export function ProxyCard() {
  const text = speak(messages)
  const [address, setAddress] = useState('')
  const [result, setResult] = useState<ProxyTrial>()
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    setResult(undefined)
    const proxyUrl = address.trim()
    setResult(
      await ask<ProxyTrial>('/v2/proxy/test', {
        method: 'POST',
        body: proxyUrl === '' ? {} : { proxyUrl },
      }),
    )
  })
  const isRefused = isShownByField(error, ['proxyUrl'])
  return (
    <Card title={text('proxyTitle')}>
      <p class="hint">{text('proxyWhy')}</p>
      <form class="form narrow-form" noValidate onSubmit={onSubmit}>
        {error !== undefined && !isRefused && <Failed error={error} />}
        <TextField
          label={text('proxyAddress')}
          hint={text('proxyHint')}
          isSecret
          error={isRefused ? text('proxyFault') : undefined}
          value={address}
          onText={setAddress}
        />
        <div class="actions">
          <Button type="submit" isBusy={isBusy}>
            {text('proxyTest')}
          </Button>
        </div>
      </form>
      <div role="status">{result !== undefined && <Outcome result={result} />}</div>
    </Card>
  )
}

function Outcome({ result: { outcome, milliseconds, service } }: { result: ProxyTrial }) {
  const text = speak(messages)
  const tone = outcome === 'works' ? 'good' : outcome === 'unused' ? 'idle' : 'bad'
  return (
    <>
      <Badge tone={tone}>{text(outcomes[outcome], { service })}</Badge>
      {outcome !== 'unused' && (
        <p class="hint break">{text('proxyTime', { time: formatMilliseconds(milliseconds), service })}</p>
      )}
    </>
  )
}
