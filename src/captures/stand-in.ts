/** What stands in a captured body for what is never kept: media, and members that are secret by their name. Pure. */
import { REDACTED } from '../access/redact-secrets.ts'
import type { JsonPlace } from './bound-json.ts'
import type { Hidden } from './captured-body.ts'
import { isSecretMember } from './secret-members.ts'

const DATA_ADDRESS = /^data:([\w.+-]{1,60}\/[\w.+-]{1,60})?[;,]/i
/** One that stands in a text, where the base64 ends as what is of another kind begins. */
const DATA_ADDRESS_WITHIN = /data:([\w.+-]{1,60}\/[\w.+-]{1,60});base64,[\w+/=-]{16,}/gi
const BASE64 = /^[\w+/-]+={0,2}$/
const BASE64_WITHIN = /[\w+/-]+={0,2}/g
/** Of words that are this long, all are base64. */
const LOOKED_AT = 2000
const MEDIA_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/

/** Undefined: it stays. */
export function standInFor(
  value: string | number | boolean,
  place: JsonPlace,
  hidden: Hidden,
): string | undefined {
  if (value !== '' && typeof value !== 'boolean' && isSecretMember(value, place)) {
    hidden.fields += 1
    return REDACTED
  }
  const media = typeof value === 'string' ? describeMedia(value, place) : undefined
  if (media !== undefined) hidden.media += 1
  return media
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

/** Media within a text, such as JSON that a tool has answered: no more than that goes. */
export function takeOutMedia(text: string, hidden: Hidden): string {
  const withoutAddresses = text.replace(DATA_ADDRESS_WITHIN, (address, type: string) => {
    hidden.media += 1
    return writeNote(type, address.length)
  })
  if (!hasLongRun(withoutAddresses)) return withoutAddresses
  return withoutAddresses.replace(BASE64_WITHIN, (run) => {
    if (run.length < LOOKED_AT) return run
    hidden.media += 1
    return writeNote(undefined, run.length)
  })
}

/** Looked for in steps, one of which such a run would fill: to look at each word of a text takes long. */
function hasLongRun(text: string): boolean {
  const step = LOOKED_AT / 2
  for (let at = 0; at + step <= text.length; at += step) {
    if (BASE64.test(text.slice(at, at + step))) return true
  }
  return false
}

const NOTE = /^\[[\w.+/-]{1,121}, \d{1,12} characters, left out\]$/

function writeNote(type: string | undefined, length: number): string {
  return `[${type ?? 'base64'}, ${length} characters, left out]`
}
