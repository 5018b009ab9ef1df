import { useState } from 'preact/hooks'
import type { CallDetail } from '../../../api/types.ts'
import { speak } from '../../../i18n/messages.ts'
import { Tabs } from '../../../parts/tabs.tsx'
import { describeApi, dialectNames } from '../api-names.ts'
import { messages } from './messages.ts'

/** The failure in the words of each API, as the gateway itself writes them. */
export function ToldErrors({ told }: { told: CallDetail['told'] }) {
  const text = speak(messages)
  const shown = dialectNames.flatMap((name) => told.find(({ dialect }) => dialect === name) ?? [])
  const [chosen, setChosen] = useState<string>(dialectNames[0])
  const error = shown.find(({ dialect }) => dialect === chosen)
  return (
    <section>
      <h3>{text('error')}</h3>
      <p class="hint">{text('errorNote')}</p>
      <Tabs
        label={text('error')}
        tabs={shown.map(({ dialect }) => ({ name: dialect, label: describeApi(dialect) }))}
        chosen={chosen}
        onChoose={setChosen}
      >
        {error !== undefined && (
          <>
            <p>{text('httpStatus', { status: String(error.status) })}</p>
            <pre class="request-code" tabIndex={0}>
              {error.body}
            </pre>
          </>
        )}
      </Tabs>
    </section>
  )
}
