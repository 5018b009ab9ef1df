import { connect } from 'node:net'
import type { Config } from '../../config.ts'
import { bad, good, type Finding } from './finding.ts'

const TIMEOUT_MS = 3000

/** Whether somebody listens there. A proxy's name and password are not repeated. */
export async function checkProxy({
  httpProxy,
  httpsProxy,
}: Pick<Config, 'httpProxy' | 'httpsProxy'>): Promise<Finding[]> {
  const wanted = [
    ['HTTP_PROXY', httpProxy],
    ['HTTPS_PROXY', httpsProxy],
  ] as const
  const findings = wanted.map(async ([name, proxy]) =>
    proxy === undefined ? [] : [await checkOne(name, proxy)],
  )
  return (await Promise.all(findings)).flat()
}

async function checkOne(name: string, proxy: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(proxy)
  const place = {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
  }
  const fault = await findFault(place)
  return fault === undefined
    ? good('Proxy', `${name}: somebody listens at ${place.host}:${place.port}.`)
    : bad(
        'Proxy',
        `${name}: ${place.host}:${place.port} does not take connections (${fault}).`,
        `Start the proxy, or correct ${name}.`,
      )
}

function findFault(place: { host: string; port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(place)
    const end = (fault?: string) => {
      socket.destroy()
      resolve(fault)
    }
    socket.setTimeout(TIMEOUT_MS, () => end('no answer'))
    socket.once('connect', () => end())
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.message))
  })
}
