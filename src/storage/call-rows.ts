import * as z from 'zod'
import { callCourse, type DetailedCall, type KeptCall } from '../calls/kept-call.ts'
import { parseJson } from '../conversation/parse-json.ts'
import type { CallsTable } from './tables.ts'

const texts = z.array(z.string())
const UNKNOWN_COURSE = { placement: null, skipped: [], attempts: [] }

/** What lists need; how a call went is only for who looks at one. */
export const callColumns = [
  'id',
  'at',
  'outcome',
  'status',
  'failure',
  'dialect',
  'stream',
  'model',
  'model_used',
  'key_id',
  'account_ids',
  'first_token_ms',
  'total_ms',
  'input_tokens',
  'output_tokens',
  'credits',
  'usage_source',
  'stop_reason',
  'repairs',
  'client',
  'request_bytes',
  'has_tools',
  'has_images',
  'tries',
] as const satisfies readonly (keyof CallsTable)[]

export function toCallRow(call: DetailedCall): CallsTable {
  return {
    id: call.id,
    at: new Date(call.at).toISOString(),
    outcome: call.outcome,
    status: call.status,
    failure: call.failure,
    dialect: call.dialect,
    stream: call.stream ? 1 : 0,
    model: call.model,
    model_used: call.modelUsed,
    key_id: call.keyId,
    account_ids: JSON.stringify(call.accountIds),
    first_token_ms: call.firstTokenMs,
    total_ms: call.totalMs,
    input_tokens: call.inputTokens,
    output_tokens: call.outputTokens,
    credits: call.credits,
    usage_source: call.usageSource,
    stop_reason: call.stopReason,
    repairs: JSON.stringify(call.repairs),
    client: call.client,
    request_bytes: call.requestBytes,
    has_tools: fromFlag(call.hasTools),
    has_images: fromFlag(call.hasImages),
    tries: call.tries,
    course: JSON.stringify(call.course),
  }
}

/** What somebody has made unreadable is left out. */
export function toKept(row: Omit<CallsTable, 'course'>): KeptCall {
  return {
    id: row.id,
    at: Date.parse(row.at),
    outcome: row.outcome,
    status: row.status,
    failure: row.failure,
    dialect: row.dialect,
    stream: row.stream === 1,
    model: row.model,
    modelUsed: row.model_used,
    keyId: row.key_id,
    accountIds: texts.safeParse(parseJson(row.account_ids)).data ?? [],
    firstTokenMs: row.first_token_ms,
    totalMs: row.total_ms,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    credits: row.credits,
    usageSource: row.usage_source,
    stopReason: row.stop_reason,
    repairs: texts.safeParse(parseJson(row.repairs)).data ?? [],
    client: row.client,
    requestBytes: row.request_bytes,
    hasTools: toFlag(row.has_tools),
    hasImages: toFlag(row.has_images),
    tries: row.tries,
  }
}

function fromFlag(flag: boolean | null): number | null {
  return flag === null ? null : Number(flag)
}

function toFlag(number: number | null): boolean | null {
  return number === null ? null : number === 1
}

export function toDetailed(row: CallsTable): DetailedCall {
  const course = callCourse.safeParse(parseJson(row.course)).data ?? UNKNOWN_COURSE
  return { ...toKept(row), course }
}
