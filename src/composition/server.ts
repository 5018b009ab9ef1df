/** The HTTP server in front of the engine. */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { sessionRefOf } from '../accounts/pool/session-ref.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createIds } from '../create-ids.ts'
import { dialects } from '../dialects/index.ts'
import { createAdmission } from '../http/admission.ts'
import { createApp, type AppParts } from '../http/app.ts'
import { createConsoleFiles } from '../http/console/console-files.ts'
import { createCors } from '../http/cors.ts'
import { createOperatorHosts } from '../http/operator-hosts.ts'
import { createPeers } from '../http/peer.ts'
import { createBodyReader } from '../http/read-body.ts'
import { createPublicInternet } from '../remote-images/network.ts'
import { createRemoteImages, type RemoteImages } from '../remote-images/remote-images.ts'
import { createSettingsDesk } from '../settings/settings-desk.ts'
import type { Engine } from './engine.ts'
import { captureBounds } from './open-captures.ts'
import { openFeed } from './feed.ts'
import { createHealthMeasure } from './health-checks.ts'
import type { Foundation } from './foundation.ts'
import { openVault } from './open-vault.ts'
import { openProxyTrials } from './proxy-trials.ts'
import { openSystem } from './system.ts'
import { bodyLimitsOf, connectionLimitsOf, timingsOf } from './settings.ts'

/** Where the build leaves the console, seen from the bundle or from this file. */
const consoleFolder = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/console/' : 'console/',
  import.meta.url,
)

export function createServer(
  foundation: Foundation,
  { engine, logger, version }: { engine: Engine; logger: Logger; version: string },
): FastifyInstance {
  const {
    settings,
    settingsStore,
    access,
    desk,
    clientKeys,
    database,
    sessionSecret,
    events,
    calls,
    kept,
    captured,
    clock,
  } = foundation
  const { upstream, accounts, verification, signIns, quotas, clientUsage, keys } = engine
  const { sessions, models, relay, tokenCounts, limits } = engine
  const config = settings.current()
  const connections = connectionLimitsOf(settings)
  const newId = createIds(clock)
  const chat: AppParts['chat'] = {
    dialects,
    admission: createAdmission({
      get maxConcurrent() {
        return settings.current().maxConcurrentRequests
      },
    }),
    bodies: createBodyReader({ clock, limits: bodyLimitsOf(settings) }),
    relay,
    remoteImages: openRemoteImages(config, { logger, version, clock }),
    models,
    keptAnswers: kept.answers,
    captures: captured.captures,
    limits,
    clientUsage,
    sessionOf: (conversation, owner) =>
      settings.current().stickySessions
        ? sessionRefOf(conversation, { owner, secret: sessionSecret })
        : undefined,
    clock,
    newId,
    timings: timingsOf(settings),
  }
  return createApp({
    logger,
    newId,
    access,
    connections,
    cors: createCors({
      demandsKey: () => clientKeys.exist(),
      get origins() {
        return settings.current().corsOrigins
      },
    }),
    peers: createPeers(config.trustedProxies),
    isOperatorHost: createOperatorHosts({ boundHost: config.host, publicUrl: config.publicUrl }),
    health: {
      version,
      countUsableAccounts: () => accounts.usableCount(),
      isDatabaseUp: () => sql`select 1`.execute(database).then(Boolean, () => false),
    },
    chat,
    tokenCounts,
    traffic: calls.traffic,
    models,
    searchesWeb: (wishes) => engine.webSearch.isOffered(wishes),
    consoleFiles: createConsoleFiles(consoleFolder),
    admin: config.consoleEnabled
      ? {
          accounts,
          verification,
          signIns,
          quotas,
          sessions,
          events,
          chat,
          upstream,
          keys,
          listedKeys: () => clientKeys.listed(),
          desk,
          traffic: calls.traffic,
          latencies: calls.latencies,
          inFlight: () => engine.pool.inFlight(),
          callLog: calls.callLog,
          captureDesk: captured.desk,
          captureBounds,
          callHistogram: calls.callHistogram,
          feed: openFeed(config, foundation, { engine, logger }),
          measureHealth: createHealthMeasure({
            config,
            database,
            clock,
            enabledAccounts: () => engine.pool.enabled(),
            offsetSeconds: () => engine.skewWatch.offsetSeconds(),
          }),
          settings: createSettingsDesk({ live: settings, store: settingsStore }),
          readSystem: openSystem(foundation, version),
          proxyTrials: openProxyTrials(config, engine, clock),
          ...openVault(foundation),
        }
      : undefined,
  })
}

/** A proxy resolves names by itself, past all checks: with one, no image is fetched. */
function openRemoteImages(
  config: Config,
  { logger, version, clock }: { logger: Logger; version: string; clock: Clock },
): RemoteImages {
  const isProxied = config.httpProxy !== undefined || config.httpsProxy !== undefined
  if (config.fetchRemoteImages && isProxied) {
    logger.warn('FETCH_REMOTE_IMAGES stays off: behind HTTP_PROXY or HTTPS_PROXY addresses cannot be checked')
  }
  return createRemoteImages({
    enabled: config.fetchRemoteImages && !isProxied,
    allowHttp: config.fetchRemoteImagesOverHttp,
    version,
    network: createPublicInternet(),
    clock,
    report: ({ host, error }) => logger.warn({ host, err: error }, 'an image was not fetched'),
  })
}
