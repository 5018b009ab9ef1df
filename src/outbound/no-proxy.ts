/** NO_PROXY: the hosts that are called directly. */

interface Exception {
  /** Lower case, without brackets; `*` for all. */
  host: string
  /** Undefined: whichever. */
  port: string | undefined
  subdomainsOnly: boolean
}

const usualPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/**
 * Reads a list of `host`, `.suffix`, `*.suffix`, `host:port`, `[address]:port` and `*`, separated by commas or blanks, and answers
 * whether a URL is on it. A host stands for its subdomains too; `*.suffix` for the subdomains alone.
 */
export function createNoProxyList(list: string): (url: URL) => boolean {
  const exceptions = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(readException)
  return (url) => {
    const host = bare(url.hostname)
    const port = url.port === '' ? usualPorts[url.protocol] : url.port
    return exceptions.some(
      (exception) => (exception.port === undefined || exception.port === port) && covers(exception, host),
    )
  }
}

function readException(entry: string): Exception {
  const [, host = entry, port] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? []
  return {
    host: host === '*' ? host : bare(host.replace(/^\*?\./, '')),
    port,
    subdomainsOnly: host.startsWith('*.'),
  }
}

function covers({ host, subdomainsOnly }: Exception, called: string): boolean {
  if (host === '*') return true
  return (called === host && !subdomainsOnly) || called.endsWith(`.${host}`)
}

/** A name or address as both sides can be compared: `[::1]` is `::1`, and `example.com.` is `example.com`. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.+)\]$/, '$1')
    .replace(/(?<=.)\.$/, '')
}
