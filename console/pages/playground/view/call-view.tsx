import { speak } from '../../../i18n/messages.ts'
import { Icon } from '../../../parts/icon.tsx'
import type { CallPart } from '../answer/answer.ts'
import { parseJson } from '../json.ts'
import { messages } from '../messages.ts'

/** A call of a tool, as the model has made it so far. */
export function CallView({ call }: { call: CallPart }) {
  const text = speak(messages)
  const input = parseJson(call.input)
  return (
    <section class="call" aria-label={text('toolCall', { name: call.name })}>
      <p class="call-name">
        <Icon name="command" />
        <span class="break">{text('toolCall', { name: call.name })}</span>
      </p>
      <pre tabIndex={0} aria-label={text('toolInput')}>
        <code>{input === undefined ? call.input : JSON.stringify(input, null, 2)}</code>
      </pre>
    </section>
  )
}
