/** A worker's place among the others, and what that means for limits which hold for all of them together. */
import type { Config } from '../config.ts'

/** Numbers begin with 1. A worker that takes a dead one's place has its number. */
export interface Place {
  number: number
  count: number
}

/** The variable of the environment by which a worker is told its place. */
export const PLACE_VARIABLE = 'AQUEDUCT_WORKER'

export function writePlace({ number, count }: Place): string {
  return `${number}/${count}`
}

export function readPlace(text: string | undefined): Place {
  const [, number, count] = /^(\d+)\/(\d+)$/.exec(text ?? '') ?? []
  if (number === undefined || count === undefined) throw new TypeError(`${PLACE_VARIABLE} is no place.`)
  return { number: Number(number), count: Number(count) }
}

/** Each worker has an equal part of what the machine may hold, and always enough for the largest request. */
export function shareOut(config: Config, { number, count }: Place): Config {
  const { maxConcurrentRequests, maxConnections, maxBufferedMegabytes, maxBodyMegabytes } = config
  const { maxConnectionsPerAddress } = config
  const partOf = (total: number) => Math.floor(total / count) + (number <= total % count ? 1 : 0)
  return {
    ...config,
    maxConcurrentRequests: partOf(maxConcurrentRequests),
    maxConnections: partOf(maxConnections),
    // Round and round, so that an address has as many here as in each of the others.
    maxConnectionsPerAddress: Math.ceil(maxConnectionsPerAddress / count),
    retryBudgetPerSecond: config.retryBudgetPerSecond / count,
    maxBufferedMegabytes: Math.max(maxBufferedMegabytes / count, maxBodyMegabytes),
  }
}
