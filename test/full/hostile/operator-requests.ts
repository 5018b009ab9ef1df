/** Requests to the operator's API, of any kind: some as the document describes them, some with something wrong. */
import { Validator, type Schema } from '@cfworker/json-schema'
import { z } from 'zod'
import type { OperatorModel } from './operator-model.ts'
import type { Random } from './random.ts'
import { createSchemaValues, mutate, type JsonValue } from './schema-values.ts'

/** In every secret that is sent; it must never come back, nor be logged. */
export const CANARY = 'canary-4711'

const holdsJson = z.looseObject({
  content: z.looseObject({ 'application/json': z.looseObject({ schema: z.looseObject({}) }) }),
})
const operationShape = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), schema: z.unknown() })).default([]),
  requestBody: holdsJson.optional(),
  responses: z.record(z.string(), z.unknown()),
})
export const documentShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationShape)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).default({}) }),
})

export interface Operation extends z.infer<typeof operationShape> {
  /** `PATCH /v2/accounts/{id}` */
  name: string
  method: string
  path: string
  answers: Validator | undefined
}

interface OperatorRequest {
  operation: Operation
  /** Of the path's parameter, when it is one that the gateway gave out. */
  id: string | undefined
  target: string
  /** Undefined when there is none, or only a text that is none. */
  body: JsonValue | undefined
  text: string | undefined
}

const secretOf = (random: Random): JsonValue => `${CANARY}-${random.below(1_000_000_000)}`
/** What the schemas alone do not tell. */
const known: Readonly<Record<string, (random: Random) => JsonValue>> = {
  clientSecret: secretOf,
  refreshToken: secretOf,
  accessToken: secretOf,
  proxyUrl: (random) => random.pick([null, `http://name:${CANARY}@127.0.0.1:1`]),
  other: (random) => random.pick<JsonValue>([{ password: CANARY, note: 'kept' }, 'words', null]),
  startUrl: () => 'https://d-1234567890.awsapps.com/start',
  model: () => 'claude-sonnet-4.5',
  api: (random) => random.pick(['openai-chat', 'anthropic-messages', 'nope']),
  messages: () => [{ role: 'user', content: 'Say hello.' }],
  headers: () => ({ authorization: `Bearer ${CANARY}`, 'x-api-key': CANARY }),
  request: () => ({ model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'Say hello.' }] }),
}

const STRANGE_IDS: readonly [string, ...string[]] = [
  'nope',
  '%00',
  '%',
  '%zz',
  '..',
  '..%2f..%2fhealthz',
  'a%2fb',
  ';x=1',
  '%F0%9F%9A%B0',
  '__proto__',
  'constructor',
  "'%20OR%201=1",
  'x'.repeat(300),
  'x'.repeat(9000),
]
const STRANGE_QUERIES: readonly [string, ...string[]] = [
  'enabled=perhaps',
  'enabled=1&enabled=0',
  'sort_by=client_secret',
  'sort_by[]=id',
  'sort_order=%00',
  'refresh=%F0%9F%9A%B0',
  '%',
  '=&&=',
  '__proto__[x]=1',
  'account_id=nope',
  `account_id=${'x'.repeat(5000)}`,
]
const STRANGE_BODIES: readonly [string, ...string[]] = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '\ufeff{}',
  '{"a":1}{',
  '{"label":"\\ud800"}',
]

export function createOperatorRequests(document: z.infer<typeof documentShape>, model: OperatorModel) {
  const operations = listOperations(document)
  const definitions = Object.entries(document.components.schemas)
  const values = createSchemaValues({
    definitions: new Map(definitions.map(([name, schema]) => [`#/components/schemas/${name}`, schema])),
    known,
  })

  function pathOf(operation: Operation, random: Random): { id: string | undefined; path: string } {
    if (!operation.path.includes('{')) return { id: undefined, path: operation.path }
    const isFlow = operation.path.includes('/auth/')
    const own = isFlow ? model.flowId(operation.name, random) : model.accountId(random)
    const id = own === undefined || random.below(6) === 0 ? random.pick(STRANGE_IDS) : own
    return { id: id === own ? id : undefined, path: operation.path.replace(/\{\w+\}/, () => id) }
  }

  function queryOf({ parameters }: Operation, random: Random): string {
    if (random.below(10) === 0) return `?${random.pick(STRANGE_QUERIES)}`
    const pairs = parameters
      .filter((each) => each.in === 'query' && random.below(2) === 0)
      .map((each) => {
        const value =
          each.name === 'account_id' ? model.accountId(random) : values.valueOf(each.schema, random)
        return `${each.name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value ?? ''))}`
      })
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`
  }

  function bodyOf(
    { requestBody }: Operation,
    random: Random,
  ): { body: JsonValue | undefined; text: string | undefined } {
    if (requestBody === undefined) return { body: undefined, text: undefined }
    if (random.below(15) === 0) return { body: undefined, text: random.pick(STRANGE_BODIES) }
    let body = values.valueOf(requestBody.content['application/json'].schema, random)
    for (let left = Math.max(0, random.below(6) - 2); left > 0; left -= 1) body = mutate(body, random)
    return { body, text: JSON.stringify(body) }
  }

  function choose(random: Random): Operation {
    const wanted = model.isCrowded() ? 'DELETE /v2/accounts/{id}' : undefined
    const found = operations.find(({ name }) => name === wanted)
    const chosen = found ?? operations[random.below(operations.length)]
    if (chosen === undefined) throw new Error('The document describes no route of the operator')
    return chosen
  }

  return {
    make(random: Random): OperatorRequest {
      const operation = choose(random)
      const { id, path } = pathOf(operation, random)
      const query = queryOf(operation, random)
      return { operation, id, target: `${path}${query}`, ...bodyOf(operation, random) }
    },
  }
}

function listOperations({ paths, components }: z.infer<typeof documentShape>): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith('/v2/')
      ? Object.entries(methods).map(([method, operation]) => {
          const upper = method.toUpperCase()
          const answer = holdsJson.safeParse(operation.responses['200']).data?.content['application/json']
            .schema
          const schema: Schema | undefined = answer && { ...answer, components }
          const answers = schema && new Validator(schema, '2020-12')
          return { ...operation, name: `${upper} ${path}`, method: upper, path, answers }
        })
      : [],
  )
}
