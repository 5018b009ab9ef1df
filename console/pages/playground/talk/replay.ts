/** A request of a client that was captured, to be looked at and sent again. */
import { ask } from '../../../api/client.ts'
import { Problem } from '../../../api/problem.ts'
import { isDialectName } from '../dialects.ts'
import { isObject, memberOf, parseJson, textAt, type Json } from '../json.ts'
import type { WrittenRequest } from '../request/write-request.ts'

export type Replay = { kind: 'ready'; request: WrittenRequest } | { kind: 'missing' } | { kind: 'cut' }

/** Throws a Problem for what is neither there nor missing. */
export async function readReplay(id: string, signal: AbortSignal): Promise<Replay> {
  const path = `/v2/calls/${encodeURIComponent(id)}`
  const bodies = await readIfThere(`${path}/bodies`, signal)
  const request = memberOf(bodies, 'request')
  if (!isObject(request)) return { kind: 'missing' }
  const body = parseJson(textAt(request, 'text') ?? '')
  if (!isObject(body)) return { kind: 'cut' }
  const dialect = textAt(await readIfThere(path, signal), 'dialect')
  return { kind: 'ready', request: { dialect: isDialectName(dialect) ? dialect : 'openai-chat', body } }
}

async function readIfThere(path: string, signal: AbortSignal): Promise<Json> {
  try {
    return await ask<Json>(path, { signal })
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null
    throw error
  }
}
