/** What proxies say of the requests that they pass on: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC 7239). */
import type { IncomingHttpHeaders } from 'node:http'

/** One step of a request's way, as the proxy at its end saw it. What the proxy does not say is undefined. */
export interface Hop {
  client: string | undefined
  scheme: string | undefined
  host: string | undefined
}

/**
 * The hops, that of the last proxy at the end. A proxy that writes the one kind of header passes the other on as the
 * client sent it: the usual kind wins, and the standard's counts when nothing of the usual kind is there.
 */
export function readForwarded(headers: IncomingHttpHeaders): Hop[] {
  const clients = listOf(headers['x-forwarded-for'])
  const schemes = listOf(headers['x-forwarded-proto'])
  const hosts = listOf(headers['x-forwarded-host'])
  const count = Math.max(clients.length, Math.min(schemes.length + hosts.length, 1))
  if (count === 0) return splitOutsideQuotes(headers.forwarded ?? '', ',').map(readHop)
  return Array.from({ length: count }, (_, index) => ({
    client: clients[index],
    scheme: besides(schemes, { index, count }),
    host: besides(hosts, { index, count }),
  }))
}

/** Most proxies set these two and do not add to them: fewer values than hops hold for all before the last. */
function besides(
  values: readonly string[],
  { index, count }: { index: number; count: number },
): string | undefined {
  return values.at(Math.max(index - count, -values.length))
}

function listOf(header: string | string[] | undefined): string[] {
  return splitOutsideQuotes([header ?? []].flat().join(','), ',')
}

/** One element of `Forwarded`: `for=192.0.2.1;proto=https;host="example.com"`. */
function readHop(element: string): Hop {
  const said = new Map(
    splitOutsideQuotes(element, ';').map((pair): [string, string] => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, Math.max(equals, 0)).trim().toLowerCase(), unquote(pair.slice(equals + 1).trim())]
    }),
  )
  return { client: said.get('for'), scheme: said.get('proto'), host: said.get('host') }
}

function unquote(value: string): string {
  return value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}

/** The parts between separators, trimmed; empty ones are left out. */
function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let index = 0; index <= text.length; index += 1) {
    const character = text[index]
    if (character === '"') isQuoted = !isQuoted
    else if (character === '\\' && isQuoted) index += 1
    if (index < text.length && (isQuoted || character !== separator)) continue
    parts.push(text.slice(start, index).trim())
    start = index + 1
  }
  return parts.filter((part) => part !== '')
}
