/**
 * What a model signs or redacts is of use only to the same model on the same account: anywhere else the service refuses
 * the whole request (protocol 3.7). So the proofs that clients get say where they are from.
 */

import { createHash } from 'node:crypto'

export interface ReasoningSeal {
  /** For the client; base64 stays base64. */
  close(proof: string): string
  /** Undefined for a proof that another account or model gave, or that never was under a seal. */
  open(sealed: string): string | undefined
}

/**
 * Any constant would do that nobody's base64 begins with by chance. Its three bytes and the nine of the digest make whole
 * groups of base64, so that seal and proof together are valid base64 where the proof is.
 */
const MARK = Buffer.from('aq1')
const DIGEST_BYTES = 9

/** No secret: a seal that somebody made up himself costs him a refused request. */
export function createReasoningSeal(origin: { accountId: string; modelId: string }): ReasoningSeal {
  const digest = createHash('sha256').update(`${origin.accountId}\0${origin.modelId}`).digest()
  const prefix = Buffer.concat([MARK, digest.subarray(0, DIGEST_BYTES)]).toString('base64')
  return {
    close: (proof) => prefix + proof,
    open(sealed) {
      const isOurs = sealed.startsWith(prefix) && sealed.length > prefix.length
      return isOurs ? sealed.slice(prefix.length) : undefined
    },
  }
}
