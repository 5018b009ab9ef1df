import { speak } from '../../../i18n/messages.ts'
import { messages } from '../messages.ts'
import { canAsk, hasAskedEarly, models } from '../talk/playground-state.ts'

/** Why nothing can be sent, as long as it is not known whom to ask; what comes in a moment is told to who could not wait. */
export function ModelNote() {
  const text = speak(messages)
  const { error, value } = models.state.value
  const why =
    value !== undefined
      ? 'noModels'
      : error !== undefined
        ? 'modelsUnread'
        : hasAskedEarly.value
          ? 'modelsAwaited'
          : undefined
  if (canAsk.value || why === undefined) return null
  return (
    <p class="hint" role="status">
      {text(why)}
    </p>
  )
}
