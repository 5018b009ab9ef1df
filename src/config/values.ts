/** What the variables may be: how their texts are read, and what kind of value each of them is. */
import { isIP, isIPv4 } from 'node:net'
import * as z from 'zod'
import { parseProxyUrl } from '../outbound/proxy-url.ts'
import { ofKind } from './value-kind.ts'

const DAY_IN_SECONDS = 86_400
/** More than any gateway of this kind serves, and less than what exhausts a process. */
export const MAX_CONNECTIONS = 10_000

const anyText = z.string()

/** A variable's value as a number. Digits only: `1e3`, `0x10` and `10s` are more often slips than meant. */
export function numberBetween(least: number, most: number) {
  return readNumber({ least, most, isWhole: false })
}

export function wholeNumberBetween(least: number, most: number) {
  return readNumber({ least, most, isWhole: true })
}

function readNumber({ least, most, isWhole }: { least: number; most: number; isWhole: boolean }) {
  const schema = anyText.transform((value, context) => {
    const parsed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
    const isBetween = parsed >= least && parsed <= most
    if (isBetween && (!isWhole || Number.isInteger(parsed))) return parsed
    context.addIssue(isBetween ? 'must be a whole number' : `must be a number from ${least} to ${most}`)
    return z.NEVER
  })
  return ofKind({ type: 'number', least, most, isWhole }, schema)
}

export const seconds = () => numberBetween(0.001, DAY_IN_SECONDS)

export const flag = ofKind(
  { type: 'flag' },
  anyText
    .toLowerCase()
    .pipe(z.enum(['true', '1', 'false', '0'], 'must be true or false'))
    .transform((value) => value === 'true' || value === '1'),
)

export const commaList = ofKind(
  { type: 'list' },
  anyText.transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
)

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
  )
}

/** An address or a name of this machine. */
export const host = z.string().transform((value, context) => {
  // Brackets around an IPv6 address are for URLs.
  const plain = value.trim().replace(/^\[(.*)\]$/, '$1')
  if (isIP(plain) !== 0 || /^[a-z\d]([\w.-]*[a-z\d])?$/i.test(plain)) return plain
  context.addIssue('must be an address or a name of this machine, without scheme and port')
  return z.NEVER
})

/** Pages by their origins; those of desktop programs have schemes of their own. */
export const originList = ofKind(
  { type: 'list' },
  commaList
    .transform((origins) => origins.map((each) => each.toLowerCase()))
    .refine(
      (origins) => origins.every((each) => /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(each)),
      'must list origins like https://chat.example.com, separated by commas',
    ),
)

const ANY_MODEL = '*'

/** `name=model, name=model`. Names are told apart as clients' names are: in whatever case. */
export const aliasList = ofKind(
  { type: 'list' },
  commaList.transform((pairs, context) => {
    const aliases = pairs.map((pair) => {
      const [name = '', model = '', ...rest] = pair.split('=').map((side) => side.trim())
      return { name, model, isPair: name !== '' && /^[\x21-\x7e]+$/.test(model) && rest.length === 0 }
    })
    const names = new Set(aliases.map(({ name }) => name.toLowerCase()))
    if (aliases.some(({ isPair, model }) => !isPair || model === ANY_MODEL)) {
      context.addIssue('must be pairs like gpt-4o=claude-sonnet-4.5, separated by commas')
    } else if (names.size < aliases.length) {
      context.addIssue('must not have the same name twice')
    } else if (aliases.some(({ model }) => names.has(model.toLowerCase()))) {
      context.addIssue('must lead names to models, not to themselves or to other names of the list')
    }
    return aliases.map(({ name, model }) => ({ name, model }))
  }),
)

/** Scheme, host and port. Tokens travel to it, so plain http is for this machine only. */
export const origin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || `${url.origin}/` !== url.href || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue('must be scheme and host alone, like https://example.com')
    return z.NEVER
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    context.addIssue('must begin with https:// (plain http is accepted on loopback only)')
    return z.NEVER
  }
  return url.origin
})

export function oneOf<const Word extends string>(words: readonly Word[]) {
  return ofKind({ type: 'choice', words }, z.enum(words, `must be one of: ${words.join(', ')}`))
}

/** Addresses, and networks by the length of their prefix. */
export const networkList = ofKind(
  { type: 'list' },
  commaList.refine(
    (networks) => networks.every(isNetwork),
    'must list addresses or networks like 127.0.0.1, 10.0.0.0/8, separated by commas',
  ),
)

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
  return bits > 0 && isPrefix && rest.length === 0
}

/** Where browsers find the gateway. No path: it is served from the root. No pattern either: `*` is the host of no request. */
export const publicOrigin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isWeb = url !== undefined && ['http:', 'https:'].includes(url.protocol)
  if (isWeb && `${url.origin}/` === url.href && !url.hostname.includes('*')) return url.origin
  context.addIssue('must be scheme and host alone, like https://q.example.com')
  return z.NEVER
})

/** Where a backend is: http(s), with or without a path. The operator's own may well be in the operator's own network. */
export const address = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isWeb = url !== undefined && ['http:', 'https:'].includes(url.protocol)
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (isWeb && isPlain) return url.href.replace(/\/+$/, '')
  context.addIssue('must be an address like http://127.0.0.1:8888, without credentials and query')
  return z.NEVER
})

/** Kept as it was written: it may hold a password, which nobody but the connections needs to see. */
export const proxy = z
  .string()
  .refine(
    (value) => parseProxyUrl(value) !== undefined,
    'must be the address of an HTTP proxy, like http://127.0.0.1:3128 or https://name:password@example.com:3128',
  )

/** Of paths and addresses that messages repeat: what is not one plain line could forge others. */
export const plainLine = z
  .string()
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'must be one line without control characters')
