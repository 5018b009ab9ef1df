import type { FastifyInstance } from 'fastify'
import type * as z from 'zod'
import type { Clock } from '../../clock.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { KeyChanges } from '../../keys/change-key.ts'
import { replacedUntil, statusOf, type ClientKey } from '../../keys/client-key.ts'
import type { HandedOutKey, Keys } from '../../keys/keys.ts'
import { writeInstant, writeSettings } from '../../keys/write-settings.ts'
import type { ClientUsage } from '../../quotas/client-usage.ts'
import { actorOf } from '../actor-of.ts'
import { writeTotals } from '../usage-route.ts'
import { answering } from './answering.ts'
import { keyAnswer, keyListAnswer, newKeyAnswer } from './answers.ts'
import { changeKeyBody, createKeyBody, keyPath, rotateKeyBody } from './key-contract.ts'
import { withModelIds, type ModelNames } from './model-ids.ts'
import { refuseUnknownFields } from './refuse-unknown-fields.ts'
import { takeNoBody } from './take-no-body.ts'

export interface KeyRouteParts {
  keys: Keys
  /** Those that the environment names, which nobody can change here. */
  listedKeys: () => readonly { id: string; print: string }[]
  clientUsage: Pick<ClientUsage, 'read'>
  models: ModelNames
  clock: Pick<Clock, 'now'>
}

/** Clients' keys. Of their secrets an answer has the one that it has just made, and no other one ever. */
export function registerKeys(routes: FastifyInstance, parts: KeyRouteParts): void {
  const { keys, models } = parts
  const view = (key: ClientKey) => viewKey(key, parts)
  const handOver = async ({ key, secret }: HandedOutKey) => ({ ...(await view(key)), key: secret })

  routes.get('/v2/keys', answering(keyListAnswer), async () => {
    const list = await Promise.all((await keys.list()).map(view))
    const environment = await Promise.all(parts.listedKeys().map((key) => viewListedKey(key, parts)))
    return { keys: list, count: list.length, environment }
  })
  routes.post('/v2/keys', answering(newKeyAnswer), async (request) => {
    const { name, ...rest } = readBody(createKeyBody, request.body)
    return handOver(await keys.create({ name, ...toChanges(rest, models) }, actorOf(request)))
  })
  routes.get('/v2/keys/:id', answering(keyAnswer), async ({ params }) => view(await keys.get(idOf(params))))
  routes.patch('/v2/keys/:id', answering(keyAnswer), async (request) => {
    const changes = toChanges(readBody(changeKeyBody, request.body), models)
    return view(await keys.change(idOf(request.params), changes, actorOf(request)))
  })
  routes.delete('/v2/keys/:id', answering(keyAnswer), async (request) =>
    view(await keys.revoke(idOf(request.params), actorOf(request))),
  )
  routes.post(
    '/v2/keys/:id/rotate',
    { ...answering(newKeyAnswer), onRequest: takeNoBody },
    async (request) => {
      const { grace_seconds: graceSeconds } = readBody(rotateKeyBody, request.body ?? {})
      return handOver(await keys.rotate(idOf(request.params), graceSeconds, actorOf(request)))
    },
  )
}

/** A field that is not known may have been meant as a limit. */
function readBody<S extends z.ZodObject>(schema: S, body: unknown): z.output<S> {
  refuseUnknownFields(body, { shape: schema.shape, thing: 'a key' })
  return parseBody(schema, body)
}

function idOf(params: unknown): string {
  return keyPath.parse(params).id
}

type ChangeKeyBody = z.output<typeof changeKeyBody>

function toChanges(body: ChangeKeyBody, models: ModelNames): KeyChanges {
  const { expires_at: expiresAt, account_tags: accountTags, ...rest } = withModelIds(body, models)
  return {
    ...rest,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(accountTags !== undefined && { accountTags: accountTags && [...new Set(accountTags)] }),
  }
}

async function viewListedKey(
  { id, print }: { id: string; print: string },
  { clientUsage }: KeyRouteParts,
): Promise<JsonObject> {
  const { today, month } = await clientUsage.read(print)
  return { id, usage: { today: writeTotals(today), month: writeTotals(month) } }
}

async function viewKey(key: ClientKey, { clientUsage, clock }: KeyRouteParts): Promise<JsonObject> {
  const { today, month } = await clientUsage.read(key.id)
  const now = clock.now()
  return {
    id: key.id,
    ...writeSettings(key),
    prefix: key.secrets.at(-1)?.prefix ?? null,
    status: statusOf(key, now),
    created_at: writeInstant(key.createdAt),
    last_used_at: writeInstant(key.lastUsedAt),
    revoked_at: writeInstant(key.revokedAt),
    replaced_until: writeInstant(replacedUntil(key, now)),
    usage: { today: writeTotals(today), month: writeTotals(month) },
  }
}
