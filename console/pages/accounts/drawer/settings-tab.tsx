import type { Account } from '../../../api/types.ts'
import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Private } from '../../../parts/private.tsx'
import { Facts } from './facts.tsx'
import { messages } from './messages.ts'

export function SettingsTab({ account, onEdit }: { account: Account; onEdit: () => void }) {
  const text = speak(messages)
  const { label, tags, models, concurrencyLimit, fingerprints } = account
  return (
    <div class="stack">
      <Facts
        facts={[
          [text('settingLabel'), label === null ? text('none') : <Private text={label} />],
          [text('settingEnabled'), text(account.enabled ? 'yes' : 'no')],
          [text('settingTags'), <Names list={tags} none={text('none')} />],
          [text('settingWeight'), formatNumber(account.weight)],
          [text('settingPriority'), formatNumber(account.priority)],
          [text('limit'), concurrencyLimit === null ? text('noLimit') : formatNumber(concurrencyLimit)],
          [text('settingModels'), <Names list={models ?? []} none={text('all')} />],
          [text('region'), account.region],
          [
            text('proxy'),
            fingerprints.proxyUrl === null ? text('none') : <code>…{fingerprints.proxyUrl}</code>,
          ],
          [text('settingOrigin'), account.origin ?? text('none')],
          [text('settingOptOut'), text(account.optOut ? 'yes' : 'no')],
        ]}
      />
      <div class="actions">
        <Button look="primary" onClick={onEdit}>
          {text('edit')}
        </Button>
      </div>
    </div>
  )
}

function Names({ list, none }: { list: readonly string[]; none: string }) {
  if (list.length === 0) return <>{none}</>
  return (
    <span class="chips">
      {list.map((name) => (
        <span key={name} class="tag" title={name}>
          {name}
        </span>
      ))}
    </span>
  )
}
