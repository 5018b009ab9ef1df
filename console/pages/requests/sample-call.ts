/** A request that went well, for tests. */
import type { KeptCall } from '../../api/types.ts'

export function sampleCall(changes: Partial<KeptCall> = {}): KeptCall {
  return {
    id: 'req_1',
    at: '2026-11-22T10:00:00.000Z',
    outcome: 'ok',
    status: 200,
    failure: null,
    dialect: 'openai-chat',
    stream: true,
    model: 'm',
    modelUsed: 'm',
    keyId: 'k',
    accountIds: ['a'],
    firstTokenMs: 100,
    totalMs: 910,
    inputTokens: 10,
    outputTokens: 5,
    credits: 0.5,
    usageSource: 'upstream',
    stopReason: 'end-turn',
    repairs: [],
    client: 'curl 8.5.0',
    requestBytes: 512,
    hasTools: false,
    hasImages: false,
    tries: 1,
    ...changes,
  }
}
