/** The opaque texts of `encrypted_content`: clients carry them from answer to request and never look inside. */
import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { parseJson } from '../../conversation/parse-json.ts'

/** With the version of what is inside. No vendor's own begin so. */
const MARK = 'aq1.'

/** No secret, and no proof: what is inside counts as what any client may say. */
export function sealContent(content: JsonObject): string {
  return MARK + Buffer.from(JSON.stringify(content)).toString('base64url')
}

/** Undefined for what another service sealed, and for what has been damaged since. */
export function openContent(sealed: string): JsonValue | undefined {
  if (!sealed.startsWith(MARK)) return undefined
  return parseJson(Buffer.from(sealed.slice(MARK.length), 'base64url').toString())
}
