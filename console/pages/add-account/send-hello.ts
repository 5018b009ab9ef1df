/** The first question to a new account, as a client would ask it. */
import { ask } from '../../api/client.ts'
import type { Account } from '../../api/types.ts'

/** Of every plan. */
const MODEL = 'claude-sonnet-4.5'
const MOST_SHOWN = 300

export interface HelloAnswer {
  text: string
  milliseconds: number
}

interface Completion {
  choices?: readonly { message?: { content?: string | null } }[]
}

/** Throws a Problem. `clock` answers milliseconds. */
export async function sendHello(account: Account, words: string, clock: () => number): Promise<HelloAnswer> {
  const startedAt = clock()
  const { choices } = await ask<Completion>(`/v2/chat/test?account_id=${encodeURIComponent(account.id)}`, {
    method: 'POST',
    body: { model: account.models?.[0] ?? MODEL, messages: [{ role: 'user', content: words }] },
  })
  const text = choices?.[0]?.message?.content ?? ''
  return { text: text.slice(0, MOST_SHOWN), milliseconds: clock() - startedAt }
}
