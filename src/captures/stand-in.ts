/** What stands in a captured body for what is never kept: media, and members that are secret by their name. Pure. */
import { REDACTED } from '../access/redact-secrets.ts'
import type { JsonPlace } from './bound-json.ts'
import type { Hidden } from './captured-body.ts'

/** In lower case, without what words are joined with. */
const SECRET_NAMES = new Set([
  'authorization',
  'proxyauthorization',
  'authorizationtoken',
  'bearertoken',
  'authtoken',
  'xauthtoken',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'sessiontoken',
  'securitytoken',
  'xamzsecuritytoken',
  'token',
  'apikey',
  'xapikey',
  'secret',
  'secretkey',
  'secretaccesskey',
  'awssecretaccesskey',
  'clientsecret',
  'privatekey',
  'password',
  'passwd',
  'passphrase',
  'credential',
  'credentials',
  'cookie',
  'cookies',
  'setcookie',
])
const LONGEST_NAME = 40

const DATA_ADDRESS = /^data:([\w.+-]{1,60}\/[\w.+-]{1,60})?[;,]/i
/** One that stands in a text, where the base64 ends as what is of another kind begins. */
const DATA_ADDRESS_WITHIN = /data:([\w.+-]{1,60}\/[\w.+-]{1,60});base64,[\w+/=-]{16,}/gi
const BASE64 = /^[\w+/-]+={0,2}$/
/** Of words that are this long, all are base64. */
const LOOKED_AT = 2000
const MEDIA_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/

/** Undefined: it stays. */
export function standInFor(
  value: string | number | boolean,
  place: JsonPlace,
  hidden: Hidden,
): string | undefined {
  if (value !== '' && typeof value !== 'boolean' && isSecretMember(place)) {
    hidden.fields += 1
    return REDACTED
  }
  const media = typeof value === 'string' ? describeMedia(value, place) : undefined
  if (media !== undefined) hidden.media += 1
  return media
}

/** Headers that a client wants sent elsewhere are secrets whatever their names. */
function isSecretMember({ name, holder, within }: JsonPlace): boolean {
  if (within?.toLowerCase() === 'headers' && !isSchema(holder)) return true
  if (name === undefined || name.length > LONGEST_NAME) return false
  return SECRET_NAMES.has(name.toLowerCase().replaceAll(/[-_]/g, ''))
}

/** A tool may well take headers. */
function isSchema(holder: JsonPlace['holder']): boolean {
  const type = holder?.['type']
  return type === 'object' || type === 'array' || type === 'string'
}

function describeMedia(text: string, { holder }: JsonPlace): string | undefined {
  if (NOTE.test(text)) return undefined
  const start = text.slice(0, LOOKED_AT)
  const address = DATA_ADDRESS.exec(start)
  if (address !== null) return writeNote(address[1], text.length)
  const isSaid = holder?.['type'] === 'base64' && holder['data'] === text
  const isLong = start.length === LOOKED_AT && BASE64.test(start)
  return isSaid || isLong ? writeNote(mediaTypeOf(holder), text.length) : undefined
}

function mediaTypeOf(holder: JsonPlace['holder']): string | undefined {
  const named = holder?.['media_type'] ?? holder?.['mime_type']
  return typeof named === 'string' && MEDIA_TYPE.test(named) ? named : undefined
}

/** Media within a text: no more than its address goes. */
export function takeOutMedia(text: string, hidden: Hidden): string {
  return text.replace(DATA_ADDRESS_WITHIN, (address, type: string) => {
    hidden.media += 1
    return writeNote(type, address.length)
  })
}

const NOTE = /^\[[\w.+/-]{1,121}, \d{1,12} characters, left out\]$/

function writeNote(type: string | undefined, length: number): string {
  return `[${type ?? 'base64'}, ${length} characters, left out]`
}
