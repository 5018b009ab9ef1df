/** Starts a simulator of Amazon Q Developer and AWS SSO OIDC inside this process. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createClock, systemTime, type TimeSource } from './clock.ts'
import { CONTROL_PREFIX, createControlRoutes } from './control-routes.ts'
import { type Control, createControl } from './control.ts'
import { createDeviceLogins } from './device-logins.ts'
import { createHomeRegions } from './home-regions.ts'
import { createIdentity } from './identity.ts'
import { createIds, type RandomBytes } from './ids.ts'
import { createJournal, type Journal } from './journal.ts'
import { defaultModels, type Model } from './models.ts'
import { createOidc } from './oidc.ts'
import { createPlans } from './plans.ts'
import { createServices } from './services.ts'
import { createSignatures } from './signatures.ts'
import { createSwitchBoard, type SwitchChanges } from './switches.ts'

/** Longer than a client keeps an idle connection, so that it never sends into one that is just closing. */
const KEEP_ALIVE_MS = 60_000

export interface SimulatorOptions {
  host?: string
  /** 0 or absent: a free one. */
  port?: number
  switches?: SwitchChanges
  models?: readonly Model[]
  time?: TimeSource
  randomBytes?: RandomBytes
}

export interface Simulator extends Control {
  /** Origin of every service, without a slash at its end. */
  url: string
  port: number
  journal: Journal
  /** Ends listening and destroys what is open. */
  close(): Promise<void>
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0 } = options
  const { journal, control, listener } = assemble(options)
  const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS }, listener)
  const boundPort = await listen(server, port, host)
  return {
    ...control,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    port: boundPort,
    journal,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      server.closeAllConnections()
      await closed
      journal.close()
    },
  }
}

function assemble(options: SimulatorOptions) {
  const clock = createClock(options.time ?? systemTime)
  const random = options.randomBytes ?? randomBytes
  const ids = createIds(random)
  const signatures = createSignatures(random(32))
  const switches = createSwitchBoard(options.switches ?? {})
  const journal = createJournal(() => switches.current().journalEntries)
  const plans = createPlans()
  const identity = createIdentity({ clock, ids, switches })
  const deviceLogins = createDeviceLogins({ clock, ids, switches })
  const homeRegions = createHomeRegions(switches)
  const oidc = createOidc({ clock, identity, deviceLogins, homeRegions })
  const control = createControl({ clock, deviceLogins, homeRegions, identity, journal, plans, switches })
  const models = options.models ?? defaultModels
  const services = createServices({
    clock,
    ids,
    models,
    plans,
    signatures,
    identity,
    journal,
    oidc,
    switches,
  })
  const controlRoutes = createControlRoutes({ control, journal })

  const listener: RequestListener = (request, response) => {
    response.on('error', () => response.destroy())
    const url = new URL(request.url ?? '/', 'http://simulator')
    readBody(request)
      .then((body) => {
        if (url.pathname.startsWith(CONTROL_PREFIX)) {
          return controlRoutes.handle({ method: request.method ?? '', url, body }, response)
        }
        return services.handle(request, response, body)
      })
      // The client left while it was sending.
      .catch(() => response.destroy())
  }
  return { journal, control, listener }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The simulator has no TCP port.')
  return address.port
}
