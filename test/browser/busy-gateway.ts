/** A gateway that has something to show: accounts in several states, keys, and what has happened. */
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { MASTER_KEY } from './watch-page.ts'

const ACCOUNTS = 12
const KEYS = 3
const APART_MS = 1000

interface Wishes {
  environment?: Record<string, string>
  /** Of accounts and keys. */
  labels?: readonly string[]
  /** For who owns the time: called between one thing and the next. */
  pass?: PassTime
}

export type PassTime = (milliseconds: number) => void

export async function startBusyGateway({
  environment = {},
  labels,
  pass,
}: Wishes = {}): Promise<GatewayUnderTest> {
  const gateway = await startGatewayUnderTest({ environment: { MASTER_KEY, ...environment } })
  const password = environment['ADMIN_PASSWORD']
  const headers: Record<string, string> =
    password === undefined ? {} : { authorization: `Bearer ${password}` }
  const accounts = labels ?? Array.from({ length: ACCOUNTS }, (_, index) => `person-${index}@example.com`)
  for (const [index, label] of accounts.entries()) {
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const account = {
      label,
      clientId,
      clientSecret,
      refreshToken,
      enabled: index % 4 !== 3,
      tags: [label.slice(0, 50)],
    }
    pass?.(APART_MS)
    await post(gateway, '/v2/accounts', account, headers)
  }
  for (const name of labels ?? Array.from({ length: KEYS }, (_, index) => `key ${index}`)) {
    pass?.(APART_MS)
    await post(gateway, '/v2/keys', { name: name.slice(0, 100) }, headers)
  }
  return gateway
}

async function post(gateway: GatewayUnderTest, path: string, body: unknown, headers: Record<string, string>) {
  const answer = await gateway.postJson(path, body, headers)
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
}
