import { useState } from 'preact/hooks'
import { isShownByField } from '../../../api/field-problem.ts'
import { ask } from '../../../api/client.ts'
import type { ProxyTrial } from '../../../api/types.ts'
import { formatMilliseconds } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge, type Tone } from '../../../parts/badge.tsx'
import { Button } from '../../../parts/button.tsx'
import { TextField } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/states.tsx'
import { useSubmit } from '../../../parts/use-submit.ts'
import { Card } from './card.tsx'
import { messages } from './messages.ts'

type Word = keyof (typeof messages)['en']

const FAILS = { tone: 'bad', word: 'proxyFails' } as const
const outcomes = {
  works: { tone: 'good', word: 'proxyWorks', why: undefined },
  unreachable: { ...FAILS, why: 'proxyUnreachable' },
  'wrong-credentials': { ...FAILS, why: 'proxyCredentials' },
  refused: { ...FAILS, why: 'proxyRefused' },
  untrusted: { ...FAILS, why: 'proxyUntrusted' },
  'no-answer': { ...FAILS, why: 'proxyNoAnswer' },
  'too-late': { ...FAILS, why: 'proxyTooLate' },
  unused: { tone: 'idle', word: 'proxyIdle', why: 'proxyUnused' },
} as const satisfies Record<ProxyTrial['outcome'], { tone: Tone; word: Word; why: Word | undefined }>

interface Tested {
  /** As it was typed. */
  address: string
  trial: ProxyTrial
}

/** Whether the service can be reached by way of a proxy: the one that is set, or one that might be. */
export function ProxyCard() {
  const text = speak(messages)
  const [address, setAddress] = useState('')
  const [result, setResult] = useState<Tested>()
  const { error, isBusy, onSubmit } = useSubmit(async () => {
    setResult(undefined)
    const proxyUrl = address.trim()
    const trial = await ask<ProxyTrial>('/v2/proxy/test', {
      method: 'POST',
      body: proxyUrl === '' ? {} : { proxyUrl },
    })
    setResult({ address, trial })
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
      {/* Under another address it would be read as that of the other one. */}
      <div role="status">{result?.address === address && <Outcome trial={result.trial} />}</div>
    </Card>
  )
}

function Outcome({ trial: { outcome, milliseconds, service } }: { trial: ProxyTrial }) {
  const text = speak(messages)
  const { tone, word, why } = outcomes[outcome]
  return (
    <div class="proxy-outcome">
      <Badge tone={tone}>{text(word)}</Badge>
      <div>
        {why !== undefined && <p class="break">{text(why, { service })}</p>}
        {outcome !== 'unused' && (
          <p class="hint break">{text('proxyTime', { time: formatMilliseconds(milliseconds), service })}</p>
        )}
      </div>
    </div>
  )
}
