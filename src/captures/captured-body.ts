/** What was said in one call, as far as it is kept: both bodies bounded, and without what is a secret or a picture. */

/** `stream`: server-sent events. `text`: what is neither that nor JSON. */
export type BodyForm = 'json' | 'stream' | 'text'

/** How much was left out of a body, of each sort. */
export interface Hidden {
  /** Passages that look like a secret. */
  secrets: number
  /** Members that hold one by their name, such as `authorization`. */
  fields: number
  /** Images, documents and whatever else was base64. */
  media: number
}

export interface CapturedBody {
  form: BodyForm
  /** JSON is JSON also where it was cut. */
  text: string
  /** Of the whole body as it was sent, before anything was left out. */
  bytes: number
  isCut: boolean
  hidden: Hidden
}

export interface CapturedBodies {
  /** Where it was sent. */
  path: string
  /** Undefined: nothing came. */
  request?: CapturedBody
  /** Undefined: nothing was answered. */
  answer?: CapturedBody
}

export interface CapturedCall extends CapturedBodies {
  /** Of the request, as in its answer's header. */
  id: string
  /** Milliseconds since the epoch: when it had ended. */
  at: number
  expiresAt: number
}

/** Of one body, in bytes of UTF-8. */
export const MOST_OF_BODY = 64 * 1024
/** A secret that begins within what is kept is looked for beyond its end. */
export const COPIED_BYTES = MOST_OF_BODY + 4096

export function nothingHidden(): Hidden {
  return { secrets: 0, fields: 0, media: 0 }
}
