/** Whether the services can be reached, the way the gateway would, and whether their clock agrees with ours. */
import { request } from 'undici'
import type { OnlineBench } from '../../composition/online-bench.ts'
import type { Config } from '../../config.ts'
import type { Clock } from '../../clock.ts'
import { toGatewayError } from '../../conversation/failures.ts'
import { createOidcEndpoints } from '../../sign-in/oidc.ts'
import { bad, doubtful, good, type Finding } from './finding.ts'

const TIMEOUT_MS = 5000
const TOLERATED_SKEW_MS = 30_000
const DEFAULT_REGION = 'us-east-1'
const DEFAULT_CHANNEL = 'q-json'

interface HostParts {
  config: Config
  clock: Clock
  signal: AbortSignal
}

/** No credentials are sent, so any status is an answer. */
export async function checkHosts(bench: OnlineBench, parts: HostParts): Promise<Finding[]> {
  const origins = await originsOf(bench, parts.config)
  const answers = await Promise.all(origins.map((origin) => ask(origin, bench, parts)))
  const dates = answers.flatMap(({ date }) => (date === undefined ? [] : [date]))
  return [...answers.map(({ finding }) => finding), ...checkClock(dates, parts.clock.now())]
}

/** Those that accounts use, or that a first account would use. */
async function originsOf({ accounts, upstream }: OnlineBench, { oidcEndpoint }: Config): Promise<string[]> {
  const list = await accounts.list({ sortBy: 'created_at', sortOrder: 'asc' })
  const known =
    list.length > 0
      ? list
      : [{ channel: DEFAULT_CHANNEL, region: DEFAULT_REGION, signInRegion: DEFAULT_REGION }]
  const endpointFor = createOidcEndpoints(oidcEndpoint)
  const origins = known.flatMap(({ channel, region, signInRegion }) => [
    endpointFor(signInRegion) ?? '',
    upstream.hostOf({ channel, region }),
  ])
  return [...new Set(origins.filter((origin) => origin !== '').map((origin) => new URL(origin).origin))]
}

interface Answer {
  finding: Finding
  /** Of the service, in milliseconds since the epoch. */
  date?: number
}

async function ask(
  origin: string,
  { dispatchers }: OnlineBench,
  { config, signal }: HostParts,
): Promise<Answer> {
  const { host } = new URL(origin)
  const subject = `Host ${host}`
  const url = new URL('/', origin)
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    const dispatcher = dispatchers.dispatcherFor(url)
    const { headers, body } = await request(url, { method: 'HEAD', dispatcher, signal: within })
    await body.dump()
    const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN
    return { finding: good(subject, 'It answers.'), ...(!Number.isNaN(date) && { date }) }
  } catch (error) {
    return { finding: bad(subject, `It cannot be reached: ${reasonOf(error)}`, remedyFor(config)) }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer within ${TIMEOUT_MS / 1000} s.`
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  return code === undefined ? toGatewayError(error).failure.message : `${code}.`
}

function remedyFor({ httpProxy, httpsProxy }: Config): string {
  return httpProxy === undefined && httpsProxy === undefined
    ? 'Look at the network, DNS and firewall; behind a proxy set HTTP_PROXY.'
    : 'Look at the proxy of HTTP_PROXY or HTTPS_PROXY; name hosts that need none in NO_PROXY.'
}

function checkClock(dates: readonly number[], now: number): Finding[] {
  const [date] = dates
  if (date === undefined) return []
  const skew = now - date
  if (Math.abs(skew) <= TOLERATED_SKEW_MS) return [good('Clock', 'It agrees with the services.')]
  const seconds = Math.abs(Math.round(skew / 1000))
  const direction = skew > 0 ? 'ahead of' : 'behind'
  return [
    doubtful(
      'Clock',
      `This machine is ${seconds} s ${direction} the services.`,
      'Switch on time synchronisation (NTP).',
    ),
  ]
}
