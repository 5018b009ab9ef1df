/** The built gateway, and the strict simulator behind it, each a process of its own; with accounts, keys, and an operator. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { startSimulatedService, type SimulatedService } from './simulated-service.ts'
import { startSoakedGateway, type SoakedGateway } from './soaked-gateway.ts'

export interface SoakLab {
  gateway: SoakedGateway
  service: SimulatedService
  dataDirectory: string
  /** As the simulator calls the accounts. */
  accountIds: readonly [string, ...string[]]
  keys: readonly [string, ...string[]]
  /** The operator's, for reading. */
  token: string
  read(path: string): Promise<unknown>
  close(): Promise<void>
}

const PASSWORD = 'correct horse battery'
const LISTED_KEY = 'sk-0123456789abcdef'
/** What is kept of calls; counted every 15 minutes, so that a run of 30 sees it grow, and shrink again. */
const KEPT_CALLS = 2000
const KEPT_ANSWERS = 50
/** Fewer than there will be conversations, so that the list of them is full before it is judged. */
const MOST_SESSIONS = 2000

/** Short enough for a moment of calm. */
const KEEP_ALIVE_SECONDS = 8

const accounts: readonly object[] = [
  {},
  { tags: ['team'], weight: 2 },
  { concurrencyLimit: 12 },
  { channel: 'q-rest' },
  { channel: 'kiro-runtime' },
  {},
]
const createdKeys: readonly object[] = [
  { name: 'plain' },
  {
    name: 'limited',
    limits: { requests_per_minute: 1_000_000, tokens_per_day: 1e12, credits_per_month: 1e9 },
  },
  { name: 'from here alone', addresses: ['127.0.0.0/8'] },
]

const created = z.looseObject({ key: z.string() })
const token = z.looseObject({ token: z.string() })

export async function openSoakLab(): Promise<SoakLab> {
  if (!existsSync(new URL('../../../../dist/main.js', import.meta.url)))
    throw new Error('The gateway is not built: use `npm run check:full -- soak`.')
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-soak-'))
  const dataDirectory = join(folder, 'data')
  const service = await startSimulatedService(folder)
  const gateway = await startSoakedGateway(folder, settingsFor(dataDirectory, service.url))
  const post = createPost(gateway.url)

  const accountIds: string[] = []
  for (const [index, settings] of accounts.entries()) {
    const { id, clientId, clientSecret, refreshToken } = await service.seed()
    accountIds.push(id)
    await post('/v2/accounts', {
      label: `account ${index}`,
      clientId,
      clientSecret,
      refreshToken,
      ...settings,
    })
  }
  const keys: string[] = []
  for (const settings of createdKeys) keys.push(created.parse(await post('/v2/keys', settings)).key)
  const reading = token.parse(await post('/v2/tokens', { name: 'page', scope: 'read' }))

  return {
    gateway,
    service,
    dataDirectory,
    accountIds: [accountIds[0] ?? '', ...accountIds.slice(1)],
    keys: [LISTED_KEY, ...keys],
    token: reading.token,
    async read(path) {
      const headers = { authorization: `Bearer ${reading.token}` }
      const answer = await fetch(`${gateway.url}${path}`, { headers })
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
      return answer.json()
    },
    async close() {
      if (!gateway.hasEnded()) await gateway.stop()
      await service.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function createPost(url: string) {
  return async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${PASSWORD}` },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
}

/** As in production, but for what is kept: as little as shows within the time whether it is held to. */
function settingsFor(dataDirectory: string, serviceUrl: string): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDirectory,
    AMAZON_Q_ENDPOINT: serviceUrl,
    OIDC_ENDPOINT: serviceUrl,
    OPENAI_KEYS: LISTED_KEY,
    ADMIN_PASSWORD: PASSWORD,
    CALLS_KEEP_ROWS: String(KEPT_CALLS),
    RESPONSES_KEEP_PER_KEY: String(KEPT_ANSWERS),
    MAX_SESSIONS: String(MOST_SESSIONS),
    KEEP_ALIVE_TIMEOUT_SECONDS: String(KEEP_ALIVE_SECONDS),
  }
}
