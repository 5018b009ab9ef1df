import type { Account, AccountUsage } from '../../../api/types.ts'
import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { Private } from '../../../parts/private.tsx'
import { Time } from '../../../parts/time.tsx'
import { now } from '../../../state/now.ts'
import type { Reading } from '../../../state/resource.ts'
import { AccountState } from '../account-state.tsx'
import { listConcerns } from './account-reasons.ts'
import { ConcernCard, type ConcernDeeds } from './concern-card.tsx'
import { Facts } from './facts.tsx'
import { messages } from './messages.ts'
import { QuotaPart } from './quota-part.tsx'

interface SummaryTabProps extends ConcernDeeds {
  account: Account
  usage: Reading<AccountUsage>
}

export function SummaryTab({ account, usage, ...deeds }: SummaryTabProps) {
  const text = speak(messages)
  const [worst] = listConcerns(account, usage.value, now.value)
  return (
    <div class="stack">
      <Facts
        facts={[
          [text('state'), <AccountState account={account} />],
          [text('answered'), formatNumber(account.success_count)],
          account.error_count > 0 ? [text('strikes'), formatNumber(account.error_count)] : undefined,
          [
            text('limit'),
            account.concurrencyLimit === null ? text('noLimit') : formatNumber(account.concurrencyLimit),
          ],
        ]}
      />
      {worst !== undefined && <ConcernCard key={worst.reason} account={account} concern={worst} {...deeds} />}
      <QuotaPart usage={usage} onReadQuota={deeds.onReadQuota} />
      <IdentityPart account={account} />
      <FingerprintPart account={account} />
    </div>
  )
}

function IdentityPart({ account }: { account: Account }) {
  const text = speak(messages)
  const { identity, profileInUse } = account
  return (
    <section class="drawer-part">
      <h3>{text('identity')}</h3>
      <Facts
        facts={[
          typeof identity?.email === 'string'
            ? [text('email'), <Private text={identity.email} />]
            : undefined,
          identity === null ? undefined : [text('userId'), <Private text={identity.userId} />],
          [text('plan'), account.quota?.plan ?? identity?.plan ?? text('unknown')],
          [text('kind'), text(signInKindOf(account))],
          account.startUrl === null ? undefined : [text('startUrl'), <Private text={account.startUrl} />],
          [text('region'), account.region],
          account.signInRegion === account.region ? undefined : [text('regionSignIn'), account.signInRegion],
          [text('channel'), account.channel],
          [text('profile'), <ProfileName name={account.profileArn} />],
          profileInUse === null || profileInUse === account.profileArn
            ? undefined
            : [text('profileInUse'), <ProfileName name={profileInUse} />],
          [text('created'), <Time at={account.created_at} />],
          [text('changed'), <Time at={account.updated_at} />],
          [
            text('id'),
            <span class="with-copy">
              <code>{account.id}</code>
              <CopyButton text={account.id} label={text('copyId')} />
            </span>,
          ],
        ]}
      />
    </section>
  )
}

/** ARNs hold account numbers; the other two words do not. */
function ProfileName({ name }: { name: string }) {
  return name === 'auto' || name === 'none' ? <code>{name}</code> : <Private text={name} />
}

const BUILDER_ID = 'https://view.awsapps.com/start'

function signInKindOf({ startUrl }: Account): 'byTokens' | 'builderId' | 'identityCenter' {
  if (startUrl === null) return 'byTokens'
  return startUrl === BUILDER_ID ? 'builderId' : 'identityCenter'
}

function FingerprintPart({ account: { fingerprints } }: { account: Account }) {
  const text = speak(messages)
  const print = (value: string | null) => (value === null ? text('none') : <code>…{value}</code>)
  return (
    <section class="drawer-part">
      <h3>{text('fingerprints')}</h3>
      <Facts
        facts={[
          [text('refreshToken'), print(fingerprints.refreshToken)],
          [text('clientSecret'), print(fingerprints.clientSecret)],
          [text('accessToken'), print(fingerprints.accessToken)],
          [text('proxy'), print(fingerprints.proxyUrl)],
        ]}
      />
      <p class="hint">{text('fingerprintsHint')}</p>
    </section>
  )
}
