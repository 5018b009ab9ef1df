/** A gateway with keys of all sorts, and what must hold of every answer to credentials that are none of them. */
import * as z from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../gateway-under-test.ts'
import { createCarrier, type Carrier, type Refusal } from './carry-credentials.ts'
import type { RealSecrets } from './credentials.ts'

const password = 'correct horse'
const listed = 'sk-0123456789abcdef'
const newKey = z.looseObject({ id: z.string(), key: z.string() })
const type = z.literal('authentication_error')
/** In OpenAI's words, or in Anthropic's: clients of the latter are known by their header. */
const refusal = z.union([
  z.looseObject({ error: z.looseObject({ type, code: z.literal('invalid_api_key') }) }),
  z.looseObject({ type: z.literal('error'), error: z.looseObject({ type }), request_id: z.string() }),
])

export interface CredentialRig {
  gateway: GatewayUnderTest
  carrier: Carrier
  real: RealSecrets
  /** Undefined: the answer is as it must be; else what is wrong with it. */
  faultOf(answer: Refusal): string | undefined
  /** Whether a key that works is let in. */
  isStillServing(): Promise<boolean>
  close(): Promise<void>
}

export async function startCredentialRig(logLevel: string): Promise<CredentialRig> {
  const environment = { OPENAI_KEYS: listed, ADMIN_PASSWORD: password, LOG_LEVEL: logLevel }
  const gateway = await startGatewayUnderTest({ environment })
  const order = async (method: string, path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${password}`, 'content-type': 'application/json' }
    const answer = await gateway.fetch(path, { method, headers, body: JSON.stringify(body) })
    return newKey.partial({ key: true }).parse(await answer.json())
  }
  const create = async () => newKey.parse(await order('POST', '/v2/keys', { name: 'fuzz' }))

  const usable = await create()
  const revoked = await create()
  await order('DELETE', `/v2/keys/${revoked.id}`, {})
  const replaced = await create()
  await order('POST', `/v2/keys/${replaced.id}/rotate`, { grace_seconds: 0 })
  const real: RealSecrets = { usable: [usable.key, listed], ended: [revoked.key, replaced.key] }
  const secrets = [...real.usable, ...real.ended]
  const carrier = createCarrier(gateway.url)

  return {
    gateway,
    carrier,
    real,
    faultOf({ status, body }) {
      if (status !== 401) return `status ${status}`
      if (!refusal.safeParse(JSON.parse(body)).success) return 'not the error of the client API'
      return secrets.some((secret) => body.includes(secret)) ? 'a key in the answer' : undefined
    },
    async isStillServing() {
      const { status } = await carrier.carry(['authorization', `Bearer ${usable.key}`])
      return status === 200
    },
    async close() {
      carrier.close()
      await gateway.close()
    },
  }
}
