/** A request that has ended well, for tests. */
import { createCall } from './call.ts'
import type { EndedCall } from './ended-call.ts'

export function sampleEndedCall(id: string, changes: Partial<EndedCall> = {}): EndedCall {
  const call = createCall({ dialect: 'openai-chat', model: 'm', stream: true })
  call.attempts.push({
    accountId: 'a',
    startedAt: 0,
    headersAt: 40,
    firstContentAt: 90,
    endedAt: 900,
    outcome: 'answered',
  })
  call.usage = {
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: 100,
    cacheWriteTokens: 1000,
    credits: 0.5,
    source: 'upstream',
  }
  call.stopReason = 'end-turn'
  return {
    id,
    endedAt: Date.parse('2026-11-22T10:00:00Z'),
    outcome: 'ok',
    status: 200,
    failure: undefined,
    dialect: 'openai-chat',
    stream: true,
    model: 'm',
    modelUsed: 'model',
    keyId: 'k',
    isCounted: true,
    totalMs: 910,
    leadMs: 10,
    call,
    userAgent: 'curl/8.5.0',
    requestBytes: 512,
    holds: { tools: true, images: false },
    ...changes,
  }
}
