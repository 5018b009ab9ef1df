/**
 * What a model signs or redacts is of use only to the same model on the same account: anywhere else the service refuses
 * the whole request (protocol 3.7). So the proofs that clients get say where they are from.
 */

import { hash } from 'node:crypto'

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
  /** Made when it is needed: most conversations have no proofs. */
  let made: string | undefined
  function prefixOf(): string {
    made ??= makePrefix(origin)
    return made
  }
  return {
    close: (proof) => prefixOf() + proof,
    open(sealed) {
      const prefix = prefixOf()
      const isOurs = sealed.startsWith(prefix) && sealed.length > prefix.length
      return isOurs ? sealed.slice(prefix.length) : undefined
    },
  }
}

function makePrefix({ accountId, modelId }: { accountId: string; modelId: string }): string {
  const digest = hash('sha256', `${accountId}\0${modelId}`, 'buffer')
  return Buffer.concat([MARK, digest.subarray(0, DIGEST_BYTES)]).toString('base64')
}
