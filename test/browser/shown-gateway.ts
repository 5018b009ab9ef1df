/** A gateway with something on every page: accounts in several states, keys, requests that went well and that did not. */
import { z } from 'zod'
import type { GatewayUnderTest } from '../gateway-under-test.ts'
import { ANTHROPIC, OPENAI, questionFor } from '../read-answer.ts'
import { startBusyGateway, type PassTime } from './busy-gateway.ts'

const clientKey = 'a-client-key-of-the-environment-1234'
const PATIENCE_MS = 15_000
const APART_MS = 7000
/** By the time that somebody owns. */
const ANSWERED_AFTER_MS = 240
const TROUBLES = ['suspended', 'daily-limit', 'internal-error'] as const

const accountList = z.object({ accounts: z.array(z.object({ id: z.string(), label: z.string() })) })
const keyList = z.object({ keys: z.array(z.object({ id: z.string() })) })
const callList = z.object({ calls: z.array(z.object({ id: z.string(), status: z.number() })) })
const eventList = z.object({ events: z.array(z.object({ id: z.number() })) })
const captureList = z.object({ kept: z.object({ callIds: z.array(z.string()) }) })

export interface ShownIds {
  account: string
  key: string
  call: string
  failedCall: string
  /** Of one whose bodies were recorded. */
  capturedCall: string
  /** What was recorded of it, as it is answered. */
  capturedBodies: string
  event: number
}

/** `pass`: for who owns the time. It passes between questions, and until they are answered, and so much is told of it. */
export async function startShownGateway({ pass }: { pass?: PassTime } = {}): Promise<{
  gateway: GatewayUnderTest
  ids: ShownIds
}> {
  const gateway = await startBusyGateway({
    environment: { OPENAI_KEYS: clientKey },
    ...(pass !== undefined && { pass }),
  })
  const headers = { authorization: `Bearer ${clientKey}` }
  let asked = 0
  const ask = async (path: string, changes: object = {}) => {
    await (await gateway.postJson(path, { ...questionFor(path, true), ...changes }, headers)).text()
    asked += 1
    pass?.(APART_MS)
  }
  if (pass !== undefined) gateway.simulator.plan({ delivery: { firstByteDelayMs: ANSWERED_AFTER_MS } })
  for (const name of TROUBLES) {
    gateway.simulator.plan({ times: 1, behaviour: { kind: 'named', name } })
    await ask(OPENAI)
  }
  for (let turn = 0; turn < 3; turn += 1) for (const path of [OPENAI, ANTHROPIC]) await ask(path)
  await ask(OPENAI, { model: 'no-such-model' })
  const rule = '/v2/captures/rules/all'
  await (await gateway.fetch(rule, { method: 'PUT' })).text()
  await ask(ANTHROPIC)
  // Bodies are written a moment after their call.
  const capturedCall = await until(async () => {
    return captureList.parse(await read(gateway, '/v2/captures')).kept.callIds[0]
  })
  await (await gateway.fetch(rule, { method: 'DELETE' })).text()
  const capturedBodies = await (await gateway.fetch(`/v2/calls/${capturedCall}/bodies`)).text()
  gateway.simulator.clearPlans()
  return { gateway, ids: { ...(await findIds(gateway, asked)), capturedCall, capturedBodies } }
}

type FoundIds = Omit<ShownIds, 'capturedCall' | 'capturedBodies'>

/** When all that was asked is in the log. */
async function findIds(gateway: GatewayUnderTest, asked: number): Promise<FoundIds> {
  const { accounts } = accountList.parse(await read(gateway, '/v2/accounts'))
  const { keys } = keyList.parse(await read(gateway, '/v2/keys'))
  const { events } = eventList.parse(await read(gateway, '/v2/events'))
  const calls = await until(async () => {
    const listed = callList.parse(await read(gateway, '/v2/calls')).calls
    return listed.length < asked ? undefined : listed
  })
  const call = calls.find(({ status }) => status === 200)?.id
  const failedCall = calls.find(({ status }) => status === 404)?.id
  const account = accounts.find(({ label }) => label === 'person-1@example.com')?.id
  const key = keys[0]?.id
  const event = events[0]?.id
  if (account === undefined || key === undefined || event === undefined) throw new Error('Nothing is there.')
  if (call === undefined || failedCall === undefined) throw new Error('Nobody has asked anything.')
  return { account, key, event, call, failedCall }
}

async function read(gateway: GatewayUnderTest, path: string): Promise<unknown> {
  return (await gateway.fetch(path)).json()
}

async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS
  while (Date.now() < end) {
    const found = await find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('What should be there has not come.')
}
