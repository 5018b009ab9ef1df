/** What the APIs are called that clients speak. */
import { defineMessages, speak } from '../../i18n/messages.ts'

const messages = defineMessages(
  {
    'openai-chat': 'OpenAI Chat',
    'openai-responses': 'OpenAI Responses',
    'openai-compact': 'OpenAI Responses, compacting',
    'anthropic-messages': 'Anthropic Messages',
  },
  {
    'openai-chat': 'OpenAI Chat',
    'openai-responses': 'OpenAI Responses',
    'openai-compact': 'OpenAI Responses（压缩）',
    'anthropic-messages': 'Anthropic Messages',
  },
)

export const dialectNames = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const
/** As requests are recorded. */
export const apiNames = [...dialectNames, 'openai-compact'] as const

/** To be called while rendering. One that this console does not know yet goes by its name. */
export function describeApi(name: string): string {
  const known = apiNames.find((each) => each === name)
  return known === undefined ? name : speak(messages)(known)
}
