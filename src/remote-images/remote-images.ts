import type { Clock } from '../clock.ts'
import type { Conversation, ImageLinkPart, ImagePart } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { readBase64Image } from '../dialects/read-image.ts'
import { createFetchAllowance } from './fetch-allowance.ts'
import { fetchImage } from './fetch-image.ts'
import { listImageLinks, replaceImageLinks } from './image-links.ts'
import type { Network } from './network.ts'

interface RemoteImagesOptions {
  /** False: whoever sends a link is told to send the image itself. */
  enabled: boolean
  /** Whether http is allowed beside https. */
  allowHttp: boolean
  /** Of this program, for the user agent. */
  version: string
  network: Network
  clock: Clock
  /** Told why an image was not fetched, which clients are not. */
  report: (refused: { host: string; error: unknown }) => void
}

export interface RemoteImages {
  /**
   * The conversation with the images themselves in place of links to them. Throws `invalid-request` by the path of a link
   * that is not followed or leads to no image, and never says which: that would tell what there is in the operator's
   * network. `clientKey`: whose allowance is charged.
   */
  fetchAll(
    conversation: Conversation,
    client: { signal: AbortSignal; clientKey: string },
  ): Promise<Conversation>
}

const MAX_LINKS = 20
const AT_ONCE = 4
/** Of one image, redirects included. */
const TIMEOUT_MS = 10_000
/** Of all images of a request, which has no more room for those that it carries itself. */
const MAX_TOTAL_CHARACTERS = 32_000_000
/** Refusals come at multiples of this: how long one took tells little of its reason. */
const REFUSAL_STEP_MS = 50
const ADVICE = 'send the image itself, as data:image/png;base64,…'

export function createRemoteImages(options: RemoteImagesOptions): RemoteImages {
  const { clock, report } = options
  const allowance = createFetchAllowance(clock)

  return {
    async fetchAll(conversation, { signal, clientKey }) {
      const links = firstOfEachUrl(listImageLinks(conversation))
      const [first] = links
      if (first === undefined) return conversation
      if (!options.enabled) throw refusal(first, `Images are not fetched from a URL; ${ADVICE}`)
      refuseTooMany(links)
      charge(clientKey, links.length)

      const began = clock.elapsed()
      const failed = new AbortController()
      try {
        const images = await fetchLinks(links, AbortSignal.any([signal, failed.signal]))
        return replaceImageLinks(conversation, images)
      } catch (error) {
        failed.abort()
        if (signal.aborted) throw new GatewayError('client-gone', 'The client is gone.', { cause: error })
        if (!(error instanceof LinkError)) throw error
        report({ host: new URL(error.link.url).host, error: error.cause })
        await untilStep(began)
        throw refusal(error.link, `This image could not be fetched; ${ADVICE}`)
      }
    },
  }

  function charge(clientKey: string, count: number): void {
    const retryAfterSeconds = allowance.take(clientKey, count)
    if (retryAfterSeconds === 0) return
    const text = `Too many images were to be fetched lately. Try again in ${retryAfterSeconds} s, or ${ADVICE}`
    throw new GatewayError('throttled', text, { retryAfterSeconds })
  }

  /** By address. A few at a time; throws a LinkError for the first that fails. */
  async function fetchLinks(
    links: readonly ImageLinkPart[],
    signal: AbortSignal,
  ): Promise<Map<string, ImagePart>> {
    const images = new Map<string, ImagePart>()
    const queue = links.values()
    let characters = 0
    async function fetchNext(): Promise<void> {
      for (const link of queue) {
        const image = await fetchLink(link, signal)
        characters += image.base64.length
        if (characters > MAX_TOTAL_CHARACTERS)
          throw new LinkError(link, new Error('too much for one request'))
        images.set(link.url, image)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, fetchNext))
    return images
  }

  async function fetchLink(link: ImageLinkPart, signal: AbortSignal): Promise<ImagePart> {
    const late = new AbortController()
    const cancelTimeout = clock.after(TIMEOUT_MS, () => late.abort(new Error(`no image in ${TIMEOUT_MS} ms`)))
    try {
      const bytes = await fetchImage(link.url, {
        network: options.network,
        allowHttp: options.allowHttp,
        userAgent: `aqueduct/${options.version}`,
        signal: AbortSignal.any([signal, late.signal]),
      })
      return readBase64Image(bytes.toString('base64'), link.field)
    } catch (error) {
      throw new LinkError(link, error)
    } finally {
      cancelTimeout()
    }
  }

  async function untilStep(began: number): Promise<void> {
    const over = (clock.elapsed() - began) % REFUSAL_STEP_MS
    if (over === 0) return
    await new Promise<void>((resolve) => void clock.after(REFUSAL_STEP_MS - over, resolve))
  }
}

/** `cause`: for the operator. */
class LinkError extends Error {
  readonly link: ImageLinkPart

  constructor(link: ImageLinkPart, cause: unknown) {
    super('An image could not be fetched.', { cause })
    this.link = link
  }
}

function firstOfEachUrl(links: readonly ImageLinkPart[]): ImageLinkPart[] {
  const urls = new Set<string>()
  return links.filter(({ url }) => urls.size < urls.add(url).size)
}

function refuseTooMany(links: readonly ImageLinkPart[]): void {
  const tooMany = links[MAX_LINKS]
  if (tooMany === undefined) return
  throw refusal(tooMany, `At most ${MAX_LINKS} images are fetched for a request; leave out this one`)
}

function refusal({ field }: ImageLinkPart, text: string): GatewayError {
  return new GatewayError('invalid-request', `${field}: ${text}`, { field, code: 'invalid_image_url' })
}
