/** Tests of proxies, by calls to where the gateway's own go. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createProxyTrials, type ProxyTrials } from '../outbound/proxy-trials.ts'
import type { Engine } from './engine.ts'
import { proxiesOf } from './settings.ts'

/** Where a first account would go. */
const USUAL_WAY = { channel: 'q-json', region: 'us-east-1' }

export function openProxyTrials(
  config: Config,
  { pool, upstream }: Pick<Engine, 'pool' | 'upstream'>,
  clock: Clock,
): ProxyTrials {
  return createProxyTrials({
    proxies: proxiesOf(config),
    origin: () => upstream.hostOf(pool.enabled()[0] ?? USUAL_WAY),
    connectTimeoutMs: config.connectTimeoutSeconds * 1000,
    workers: config.workers,
    clock,
  })
}
