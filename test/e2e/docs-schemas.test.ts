/** What the documentation says that a route takes is what the route takes: the very schemas that it reads requests by. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { messagesBody, promptBody } from '../../src/dialects/anthropic-messages/schema.ts'
import { chatBody } from '../../src/dialects/openai-chat/schema.ts'
import * as responses from '../../src/dialects/openai-responses/schema.ts'
import * as captureContract from '../../src/http/admin/capture-contract.ts'
import * as consoleContract from '../../src/http/admin/console-contract.ts'
import * as contract from '../../src/http/admin/contract.ts'
import * as keyContract from '../../src/http/admin/key-contract.ts'
import * as operatorContract from '../../src/http/admin/operator-contract.ts'
import * as setupContract from '../../src/http/admin/setup-contract.ts'
import * as settingsContract from '../../src/http/admin/settings-contract.ts'
import * as keptAnswers from '../../src/http/kept-answer-routes.ts'
import { describeRoutes } from '../../src/http/docs/describe-routes.ts'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { send } from '../send.ts'

const schemas: readonly unknown[] = [
  ...[
    contract,
    captureContract,
    consoleContract,
    keyContract,
    operatorContract,
    settingsContract,
    setupContract,
  ].flatMap((each) => Object.values(each)),
  chatBody,
  messagesBody,
  promptBody,
  responses.promptBody,
  responses.responsesBody,
  keptAnswers.inputItemsQuery,
  keptAnswers.keptAnswerQuery,
]

interface Told {
  route: string
  described: unknown[]
  /** By which the route has read a request that holds nothing. */
  used: unknown[]
}

const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

/** Every route of the document is asked with an empty object. */
async function askAll(): Promise<Told[]> {
  const used = new Set<unknown>()
  for (const schema of schemas) {
    if (!(schema instanceof z.ZodType)) continue
    const safeParse = schema.safeParse.bind(schema)
    vi.spyOn(schema, 'safeParse').mockImplementation((...given) => {
      used.add(schema)
      return safeParse(...given)
    })
  }
  const gateway = await startGatewayUnderTest()
  const { paths } = document.parse(JSON.parse((await send(`${gateway.url}/openapi.json`)).text))
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    })),
  )
  const told: Told[] = []
  for (const { method, path, body, querystring } of describeRoutes(served)) {
    // Its answer never ends, and of the request it reads nothing.
    if (path === '/v2/feed') continue
    used.clear()
    await send(`${gateway.url}${path.replaceAll(/:\w+/g, 'none')}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }),
    })
    const described = [body, querystring].filter((each) => each !== undefined)
    told.push({ route: `${method} ${path}`, described, used: [...used] })
  }
  await gateway.close()
  return told
}

/** Of a batch each account is judged by itself, by what is told of it. */
const whatIsTold = (schema: unknown) => (schema === contract.batchBody ? contract.feedBody : schema)

describe('the documentation', () => {
  let told: Told[]
  beforeAll(async () => {
    told = await askAll()
  })
  afterAll(() => void vi.restoreAllMocks())

  it('tells of each route what it reads a request by, no less and nothing else', () => {
    expect(told.filter(({ used }) => used.length > 0).length).toBeGreaterThan(20)
    const wrong = told.filter(({ described, used }) => {
      const known = used.map(whatIsTold)
      return known.length !== described.length || known.some((schema) => !described.includes(schema))
    })
    expect(wrong.map(({ route }) => route)).toEqual([])
  })
})
