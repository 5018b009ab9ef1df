/** What is chosen on the page, as far as it is in the address: everything but the key. Pure. */
import type { Setup } from '../../api/types.ts'

export const shellNames = ['sh', 'powershell', 'cmd'] as const
export type ShellName = (typeof shellNames)[number]

export const usualModel = 'claude-sonnet-4.5'
/** As the service is called in the gateway's compose.yaml. */
const IN_COMPOSE = 'http://aqueduct:8000'
export const KEY_PLACEHOLDER = 'YOUR_KEY'

/** Of what the browser says of its system. */
export function usualShell(platform: string): ShellName {
  return /^win/i.test(platform) ? 'powershell' : 'sh'
}

/** Where the client finds the gateway, as far as the page can tell. */
export function usualOrigin({ calledFrom }: Pick<Setup, 'calledFrom'>, pageOrigin: string): string {
  return calledFrom === 'a container' && isOfThisMachine(pageOrigin) ? IN_COMPOSE : pageOrigin
}

/** What clients append to an address is theirs: `/v1` at its end is taken off. Undefined: it is none. */
export function readOrigin(typed: string): string | undefined {
  const text = typed.trim()
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  return isPlain && /^\/(v1\/?)?$/.test(url.pathname) ? url.origin : undefined
}

function isOfThisMachine(origin: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname)
}

/** Whether servers elsewhere can call it: by https, under a name or an address that is not of a private network. */
export function isPublic(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  if (protocol !== 'https:' || isOfThisMachine(origin)) return false
  if (hostname.startsWith('[')) return !/^\[(::|f[cd]|fe[89ab])/i.test(hostname)
  if (/^\d+(\.\d+){3}$/.test(hostname)) {
    return !/^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      hostname,
    )
  }
  return hostname.includes('.') && !/\.(local|localhost|internal|lan|home|arpa|test|invalid)$/.test(hostname)
}
