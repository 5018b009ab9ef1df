import type { CallDetail } from '../../../api/types.ts'
import { formatMilliseconds, formatNumber, formatTime } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { Badge } from '../../../parts/badge.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { CapturedBodies } from '../bodies/captured-bodies.tsx'
import { describeFailure } from '../failure-words.ts'
import { formatSize } from '../format-size.ts'
import { KeyLabel } from '../name-parts.tsx'
import { describeWord, tones } from '../words.ts'
import { Fact } from './fact.tsx'
import { messages, usageSources, wordFor } from './messages.ts'
import { ToldErrors } from './told-errors.tsx'
import { Waterfall } from './waterfall.tsx'
import { WhyAccount } from './why-account.tsx'
import { writeCurl } from './write-curl.ts'

/** All that is known of a request: how it went and why, never what was said. */
export function RequestDetail({ call }: { call: CallDetail }) {
  const text = speak(messages)
  return (
    <div class="stack request-detail">
      <p class="actions">
        <Badge tone={tones[call.outcome]}>{describeWord(call.outcome)}</Badge>
        <span>{call.status}</span>
        {call.failure !== null && <span>{describeFailure(call.failure)}</span>}
      </p>
      <div class="actions">
        <CopyButton text={call.id} label={text('copyId')} />
        <CopyButton text={writeCurl(call, window.location.origin)} label={text('copyCurl')} />
      </div>
      <p class="hint">{text('curlNote')}</p>
      <Facts call={call} />
      <Waterfall call={call} />
      <WhyAccount call={call} />
      <Usage call={call} />
      {call.told.length > 0 && <ToldErrors told={call.told} />}
      <CapturedBodies callId={call.id} />
    </div>
  )
}

function Facts({ call }: { call: CallDetail }) {
  const text = speak(messages)
  const { modelUsed, model, client, requestBytes, stopReason, repairs, hasTools, hasImages } = call
  const holds = [hasTools === true && text('tools'), hasImages === true && text('images')].filter(Boolean)
  return (
    <dl class="facts">
      <Fact name={text('ended')}>
        {formatTime(call.at)} · {formatMilliseconds(call.totalMs)}
      </Fact>
      <Fact name={text('api')}>
        {describeWord(call.dialect)}, {text(call.stream ? 'streamed' : 'whole')}
      </Fact>
      <Fact name={text('model')}>
        <bdi>{model}</bdi>
        {modelUsed !== null && modelUsed !== model && <> → {modelUsed}</>}
      </Fact>
      <Fact name={text('key')}>
        <KeyLabel id={call.keyId} />
      </Fact>
      {client !== null && <Fact name={text('client')}>{client}</Fact>}
      {requestBytes !== null && <Fact name={text('size')}>{formatSize(requestBytes)}</Fact>}
      {holds.length > 0 && <Fact name={text('holds')}>{holds.join(', ')}</Fact>}
      {stopReason !== null && <Fact name={text('stopped')}>{describeWord(stopReason)}</Fact>}
      {repairs.length > 0 && <Fact name={text('repairs')}>{repairs.join(', ')}</Fact>}
      <Fact name={text('id')}>
        <code>{call.id}</code>
      </Fact>
    </dl>
  )
}

function Usage({ call: { inputTokens, outputTokens, credits, usageSource } }: { call: CallDetail }) {
  const text = speak(messages)
  const known = usageSource === null ? undefined : wordFor(usageSource, usageSources)
  const source = known === undefined ? usageSource : text(known)
  return (
    <section>
      <h3>{text('usage')}</h3>
      {inputTokens === null || outputTokens === null ? (
        <p class="hint">{text('noUsage')}</p>
      ) : (
        <dl class="facts">
          <Fact name={text('inputTokens')}>{text('tokens', { count: formatNumber(inputTokens) })}</Fact>
          <Fact name={text('outputTokens')}>{text('tokens', { count: formatNumber(outputTokens) })}</Fact>
          {credits !== null && <Fact name={text('credits')}>{formatNumber(credits)}</Fact>}
          {source !== null && <Fact name={text('usageSource')}>{source}</Fact>}
        </dl>
      )}
    </section>
  )
}
