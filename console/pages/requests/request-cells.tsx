/** What stands in a line of the list, on a wide screen and on a phone. */
import type { ComponentChildren } from 'preact'
import type { KeptCall } from '../../api/types.ts'
import { formatMilliseconds, formatShort } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { Badge } from '../../parts/badge.tsx'
import { describeFailure } from './failure-words.ts'
import { formatSize } from './format-size.ts'
import { listMessages } from './messages.ts'
import { AccountLabel, KeyLabel } from './name-parts.tsx'
import { describeWord, tones } from './words.ts'

interface Column {
  name:
    | 'status'
    | 'dialect'
    | 'model'
    | 'key'
    | 'accounts'
    | 'firstToken'
    | 'total'
    | 'tokens'
    | 'stop'
    | 'tries'
    | 'size'
    | 'stream'
    | 'client'
  /** In pixels. */
  width: number
  isNumber?: boolean
  Cell: (props: { call: KeptCall }) => ComponentChildren
}

export function StatusCell({ call: { outcome, status, failure } }: { call: KeptCall }) {
  return (
    <>
      <Badge tone={tones[outcome]} title={failure === null ? undefined : describeFailure(failure)}>
        {describeWord(outcome)}
      </Badge>{' '}
      <span class="hint">{status}</span>
    </>
  )
}

export function ModelCell({ call: { model, modelUsed } }: { call: KeptCall }) {
  const text = speak(listMessages)
  const isOther = modelUsed !== null && modelUsed !== model
  const shown = isOther ? text('usedModel', { asked: model, used: modelUsed }) : model
  return <bdi title={shown}>{shown}</bdi>
}

export function AccountsCell({ call: { accountIds } }: { call: KeptCall }) {
  const last = accountIds.at(-1)
  if (last === undefined) return null
  const others = accountIds.length - 1
  return (
    <>
      <AccountLabel id={last} />
      {others > 0 && <span class="hint"> +{others}</span>}
    </>
  )
}

export function TokensCell({ call: { inputTokens, outputTokens } }: { call: KeptCall }) {
  if (inputTokens === null || outputTokens === null) return null
  return (
    <>
      {formatShort(inputTokens)} / {formatShort(outputTokens)}
    </>
  )
}

function SizeCell({ call: { requestBytes, hasImages, hasTools } }: { call: KeptCall }) {
  const text = speak(listMessages)
  const also = [hasTools === true && text('tools'), hasImages === true && text('images')].filter(Boolean)
  return (
    <>
      {requestBytes !== null && formatSize(requestBytes)}
      {also.length > 0 && <span class="hint"> {also.join(', ')}</span>}
    </>
  )
}

function StreamCell({ call: { stream } }: { call: KeptCall }) {
  const text = speak(listMessages)
  return <>{text(stream ? 'yes' : 'no')}</>
}

const milliseconds = (value: number | null) => (value === null ? null : formatMilliseconds(value))

export const columns: readonly Column[] = [
  { name: 'status', width: 180, Cell: StatusCell },
  { name: 'dialect', width: 150, Cell: ({ call }) => describeWord(call.dialect) },
  { name: 'model', width: 210, Cell: ModelCell },
  { name: 'key', width: 120, Cell: ({ call }) => <KeyLabel id={call.keyId} /> },
  { name: 'accounts', width: 140, Cell: AccountsCell },
  { name: 'firstToken', width: 100, isNumber: true, Cell: ({ call }) => milliseconds(call.firstTokenMs) },
  { name: 'total', width: 90, isNumber: true, Cell: ({ call }) => milliseconds(call.totalMs) },
  { name: 'tokens', width: 130, isNumber: true, Cell: TokensCell },
  {
    name: 'stop',
    width: 120,
    Cell: ({ call }) => (call.stopReason === null ? null : describeWord(call.stopReason)),
  },
  { name: 'tries', width: 70, isNumber: true, Cell: ({ call }) => call.tries },
  { name: 'size', width: 150, Cell: SizeCell },
  { name: 'stream', width: 80, Cell: StreamCell },
  { name: 'client', width: 150, Cell: ({ call }) => call.client },
]
