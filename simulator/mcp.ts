/** InvokeMCP: the tools of the service itself, called by JSON-RPC. There is one, which searches a web that does not exist. */
import { z } from 'zod'
import { refuseCaller } from './admission.ts'
import { refuse, sendJson } from './answers.ts'
import type { Call } from './call.ts'
import { refusals } from './replies/refusals.ts'

const PROFILE_HEADER = 'x-amzn-kiro-profile-arn'
/** Of JSON-RPC. */
const NO_METHOD = -32_601
const BAD_PARAMS = -32_602

const rpcRequest = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]),
  method: z.enum(['initialize', 'notifications/initialized', 'tools/list', 'tools/call']),
  params: z.unknown().optional(),
})

const searchParams = z.strictObject({
  name: z.literal('web_search'),
  arguments: z.strictObject({ query: z.string().min(1) }),
})

export function answerMcp(call: Call): void {
  const { account, region, switches, route, json, request } = call
  const input = { profileArn: request.headers[PROFILE_HEADER] }
  const refusal = refuseCaller(account, { ...route, region, input, switches })
  if (refusal !== undefined) return refuse(call, refusal)
  const asked = rpcRequest.safeParse(json)
  if (!asked.success) return refuse(call, refusals['improperly-formed-reason'])
  const { id, method, params } = asked.data
  const say = (outcome: object) => sendJson(call, { jsonrpc: '2.0', id, ...outcome })
  if (method !== 'tools/call') return say({ error: { code: NO_METHOD, message: 'Not simulated.' } })
  const search = searchParams.safeParse(params)
  if (!search.success) return say({ error: { code: BAD_PARAMS, message: 'No such tool, or no query.' } })
  const text = JSON.stringify(findPages(search.data.arguments.query))
  say({ result: { content: [{ type: 'text', text }], isError: false } })
}

function findPages(query: string): object {
  const results = ['first', 'second'].map((nth, index) => ({
    title: `The ${nth} page about ${query}`,
    url: `https://${nth}.example.com/?q=${encodeURIComponent(query)}`,
    snippet: `What the ${nth} page says about ${query}.`,
    publishedDate: Date.UTC(2026, 10, 20 + index),
    id: nth,
    domain: `${nth}.example.com`,
    maxVerbatimWordLimit: 30,
    publicDomain: false,
  }))
  return { results, totalResults: results.length, query, error: null }
}
