/** The columns of the table, beside the account's name and its menu. */
import type { JSX } from 'preact'
import type { Account } from '../../api/types.ts'
import { formatMilliseconds, formatNumber, formatPercent, formatShort } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Private } from '../../parts/private.tsx'
import { Time } from '../../parts/time.tsx'
import type { RowFacts } from './account-row.tsx'
import { planOf, signInKindOf, successOf, type AccountCounts } from './account-facts.ts'
import type { ColumnName } from './column-choice.ts'
import { drawBeats } from './heartbeat.tsx'
import type { Entry } from './list-accounts.ts'
import { messages } from './messages.ts'
import { QuotaCell } from './quota-cell.tsx'
import type { SortName } from './sort-accounts.ts'
import { StateCell } from './state-cell.tsx'

interface Column {
  /** In pixels. */
  width: number
  sort?: SortName
  isNumber?: boolean
  /** Called while the row is drawn: what it reads is among the facts of the row, or a component of its own. */
  cell: (entry: Entry, facts: RowFacts) => JSX.Element | string | number
}

export const columns: Readonly<Record<ColumnName, Column>> = {
  state: { width: 224, sort: 'state', cell: drawState },
  plan: { width: 100, sort: 'plan', cell: ({ account }) => planOf(account) ?? '—' },
  quota: { width: 140, sort: 'quota', cell: QuotaCell },
  beats: { width: 124, cell: (_, facts) => drawBeats(facts.beats) },
  requests: {
    width: 140,
    sort: 'requests',
    isNumber: true,
    cell: (entry) => figureOf(entry, ({ requests }) => formatShort(requests)),
  },
  success: {
    width: 90,
    sort: 'success',
    isNumber: true,
    cell: (entry) => figureOf(entry, (counts) => shareWords(successOf(counts))),
  },
  firstToken: {
    width: 104,
    sort: 'firstToken',
    isNumber: true,
    cell: (entry) =>
      figureOf(entry, ({ firstTokenP95Ms: ms }) => (ms === null ? '—' : formatMilliseconds(ms))),
  },
  inFlight: {
    width: 88,
    sort: 'inFlight',
    isNumber: true,
    cell: (entry) => figureOf(entry, ({ inFlight }) => inFlightWords(entry.account, inFlight)),
  },
  answers: {
    width: 92,
    sort: 'answers',
    isNumber: true,
    cell: ({ account }) => formatNumber(account.success_count),
  },
  errors: {
    width: 86,
    sort: 'errors',
    isNumber: true,
    cell: ({ account }) => formatNumber(account.error_count),
  },
  token: {
    width: 110,
    sort: 'token',
    cell: ({ account }) => (account.expires_at === null ? '—' : <Time at={account.expires_at} />),
  },
  region: { width: 120, sort: 'region', cell: ({ account }) => account.region },
  signIn: { width: 150, cell: SignInKind },
  email: { width: 170, cell: ({ account }) => <Private text={account.identity?.email ?? '—'} /> },
  priority: { width: 88, sort: 'priority', isNumber: true, cell: ({ account }) => account.priority },
  weight: { width: 80, sort: 'weight', isNumber: true, cell: ({ account }) => account.weight },
  limit: {
    width: 124,
    sort: 'limit',
    isNumber: true,
    cell: ({ account }) => account.concurrencyLimit ?? speak(messages)('unlimited'),
  },
  models: {
    width: 84,
    isNumber: true,
    cell: ({ account }) => account.models?.length ?? speak(messages)('allModels'),
  },
  channel: { width: 112, cell: ({ account }) => account.channel },
  proxy: { width: 96, cell: ({ account }) => speak(messages)(account.hasProxyUrl ? 'yes' : 'no') },
  created: { width: 110, sort: 'created', cell: ({ account }) => <Time at={account.created_at} /> },
}

const noRequests = { requests: 0, ok: 0, firstTokenP95Ms: null, inFlight: 0 }

/** Nobody knows before the gateway has told; an account that it leaves out had none. */
function figureOf(
  { counts, isCounted }: Entry,
  say: (counts: Omit<AccountCounts, 'accountId'>) => string,
): string {
  return isCounted ? say(counts ?? noRequests) : '—'
}

function drawState(entry: Entry, { openSheet, isTested }: RowFacts) {
  return StateCell({ entry, isOpen: openSheet === 'state', isTested })
}

function shareWords(share: number | undefined): string {
  return share === undefined ? '—' : formatPercent(share)
}

function inFlightWords({ concurrencyLimit: most }: Account, count: number): string {
  return most === null ? formatNumber(count) : speak(messages)('ofLimit', { count, most })
}

function SignInKind({ account }: Entry) {
  const text = speak(messages)
  const kind = signInKindOf(account)
  if (kind === undefined) return <>—</>
  return (
    <span title={account.startUrl ?? undefined}>
      {text(kind === 'builder-id' ? 'builderId' : 'identityCenter')}
    </span>
  )
}
