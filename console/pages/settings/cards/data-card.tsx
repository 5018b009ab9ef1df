import { speak } from '../../../i18n/messages.ts'
import { formatNumber } from '../../../i18n/format.ts'
import { SystemCard } from './card.tsx'
import { messages } from './messages.ts'

const MEGABYTE = 1_000_000
/** Less comes and goes by itself. */
const WORTH_A_WORD = 50 * MEGABYTE

/** What is kept where, and how to keep it safe. */
export function DataCard() {
  const text = speak(messages)
  return (
    <SystemCard title={text('dataTitle')}>
      {({ database: { kind, bytes, freeBytes } }) => (
        <>
          <dl class="facts">
            <dt>{text('kind')}</dt>
            <dd>{kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}</dd>
            <dt>{text('size')}</dt>
            <dd>{bytes === null ? text('sizeUnknown') : `${formatNumber(bytes / MEGABYTE)} MB`}</dd>
            {freeBytes !== null && (
              <>
                <dt>{text('free')}</dt>
                <dd>{formatNumber(freeBytes / MEGABYTE)} MB</dd>
              </>
            )}
          </dl>
          {freeBytes !== null && freeBytes > WORTH_A_WORD && (
            <p class="hint">
              {text('freeHint')} <code class="break">aqueduct restore FILE --replace</code>
            </p>
          )}
          <p class="hint">
            {text('backupHint')} <code class="break">aqueduct backup</code>
          </p>
        </>
      )}
    </SystemCard>
  )
}
