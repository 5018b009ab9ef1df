/** How an answer came about, beside what it says. Pure. */
import type { Answer } from './answer.ts'

export interface AnswerFacts {
  /** As it was asked for. */
  model: string
  /** Undefined: none has come yet, or nobody answered. */
  status: number | undefined
  requestId: string | undefined
  modelUsed: string | undefined
  /** Fields that did not reach the model, and what was done about failures: as the gateway names them. */
  ignored: string | undefined
  repaired: string | undefined
  /** From sending the request on. */
  firstTokenMs: number | undefined
  totalMs: number | undefined
  end: 'whole' | 'stopped' | 'cut-off' | 'failed' | undefined
}

export function factsOf(model: string): AnswerFacts {
  return {
    model,
    status: undefined,
    requestId: undefined,
    modelUsed: undefined,
    ignored: undefined,
    repaired: undefined,
    firstTokenMs: undefined,
    totalMs: undefined,
    end: undefined,
  }
}

export function headFacts({ status, headers }: Pick<Response, 'status' | 'headers'>): Partial<AnswerFacts> {
  return {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    modelUsed: headers.get('x-aqueduct-model') ?? undefined,
    ignored: headers.get('x-aqueduct-ignored') ?? undefined,
    repaired: headers.get('x-aqueduct-repaired') ?? undefined,
  }
}

/** Of the time from the first token to the end; undefined: that is not known, or too short to tell. */
export function tokensPerSecond(
  { usage }: Answer,
  { firstTokenMs, totalMs }: AnswerFacts,
): number | undefined {
  if (usage === undefined || firstTokenMs === undefined || totalMs === undefined) return undefined
  const seconds = (totalMs - firstTokenMs) / 1000
  return seconds < 0.05 || usage.outputTokens === 0 ? undefined : usage.outputTokens / seconds
}
