import {
  KEY_PLACEHOLDER,
  PLAIN,
  usualModels,
  type ClientSetup,
  type SetupValues,
} from '../../client-setups/client-setup.ts'
import type { Config } from '../../config.ts'
import type { Cli } from '../cli.ts'
import { UsageError } from '../command-error.ts'

/** As the service is called in compose.yaml, where it listens on this port whatever PORT says. */
const IN_COMPOSE = 'http://aqueduct:8000'
const PUBLIC_EXAMPLE = 'https://q.example.com'
const MOST_KEY_BYTES = 1000

export interface GivenValues {
  url?: string | undefined
  key?: string | undefined
  model?: string | undefined
}

export async function findValues(
  { calledFrom }: Pick<ClientSetup, 'calledFrom'>,
  given: GivenValues,
  cli: Cli,
): Promise<SetupValues> {
  const model = given.model ?? usualModels.model
  if (!PLAIN.test(model)) throw new UsageError('--model must be the name of a model.')
  const origin = given.url === undefined ? originFor(calledFrom, cli.config()) : readOrigin(given.url)
  return { origin, model, smallModel: usualModels.smallModel, key: await readKey(given.key, cli) }
}

/** Of the gateway, as this machine reaches it. */
export function findOwnOrigin(url: string | undefined, cli: Pick<Cli, 'config'>): string {
  return url === undefined ? originFor('this machine', cli.config()) : readOrigin(url)
}

function originFor(calledFrom: ClientSetup['calledFrom'], config: Config): string {
  if (config.publicUrl !== undefined) return config.publicUrl
  if (calledFrom === 'a container') return IN_COMPOSE
  if (calledFrom === 'the Internet') return PUBLIC_EXAMPLE
  const { host, port } = config
  if (port === 0)
    throw new UsageError('PORT is 0, so each start has another one: say the address with --url.')
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const name = reachable.includes(':') ? `[${reachable}]` : reachable
  return `http://${name}:${port}`
}

/** What clients append to an address is theirs: `/v1` at its end is taken off. */
function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url !== undefined && isWeb && /^\/(v1\/?)?$/.test(url.pathname) && url.username === '')
    return url.origin
  throw new UsageError('--url must be scheme, host and port, like http://127.0.0.1:8000.')
}

async function readKey(given: string | undefined, { terminal }: Cli): Promise<string> {
  if (given === undefined) return KEY_PLACEHOLDER
  const key = given === '-' ? (await terminal.readInput(MOST_KEY_BYTES)).toString().trim() : given
  if (PLAIN.test(key)) return key
  throw new UsageError(
    '--key must be a key of the gateway. One with quotes, spaces or signs of shells has to be put in by hand.',
  )
}
