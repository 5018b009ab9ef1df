/** A short question through one account, whatever its state: how long its first word takes, and of which model. */
import { signal } from '@preact/signals'
import { open } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Account } from '../../api/types.ts'
import { readFirstToken } from './first-token.ts'

export type AccountTest =
  | { kind: 'running' }
  | { kind: 'done'; firstTokenMs: number; model: string }
  | { kind: 'failed'; error: unknown }

/** By the id of the account, as long as the page is open. */
export const accountTests = signal<ReadonlyMap<string, AccountTest>>(new Map())

const MODEL = 'claude-sonnet-4.5'

export async function testAccount(account: Account): Promise<void> {
  note(account.id, { kind: 'running' })
  note(account.id, await ask(account))
}

async function ask({ id, models }: Account): Promise<AccountTest> {
  const startedAt = performance.now()
  const stop = new AbortController()
  try {
    const answer = await open(`/v2/chat/test?account_id=${encodeURIComponent(id)}`, {
      method: 'POST',
      signal: stop.signal,
      body: {
        model: models?.[0] ?? MODEL,
        stream: true,
        max_tokens: 16,
        messages: [{ role: 'user', content: 'Say hello.' }],
      },
    })
    const first = await readFirstToken(answer.body ?? new ReadableStream())
    const firstTokenMs = performance.now() - startedAt
    if (first.kind === 'failed') return { kind: 'failed', error: new Problem(first.message, { status: 502 }) }
    return { kind: 'done', firstTokenMs, model: answer.headers.get('x-aqueduct-model') ?? first.model }
  } catch (error) {
    return { kind: 'failed', error }
  } finally {
    stop.abort()
  }
}

function note(id: string, test: AccountTest): void {
  accountTests.value = new Map([...accountTests.value, [id, test]])
}
