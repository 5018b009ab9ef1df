import type { Clock } from '../clock.ts'
import type { Conversation, ImageLinkPart, ImagePart } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { findAttachingTurn } from '../conversation/media.ts'
import { readBase64Image } from '../dialects/read-image.ts'
import { createFetchAllowance } from './fetch-allowance.ts'
import { fetchImage } from './fetch-image.ts'
import { createImageCache } from './image-cache.ts'
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
   * that a person has just attached and that is not followed or leads to no image, and never says which: that would tell
   * what there is in the operator's network. Other links stay when they cannot be followed, for the upstream to leave out.
   * `clientKey`: whose allowance is charged.
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
  const { clock } = options
  const allowance = createFetchAllowance(clock)
  const cache = createImageCache(clock)

  return {
    async fetchAll(conversation, { signal, clientKey }) {
      const { due, others } = sortLinks(conversation)
      const [first] = due
      if (!options.enabled) {
        if (first !== undefined) throw refusal(first, `Images are not fetched from a URL; ${ADVICE}`)
        return conversation
      }
      refuseTooMany(due)
      charge(clientKey, due.filter(({ url }) => cache.find(clientKey, url)?.image === undefined).length)

      const began = clock.elapsed()
      const album = createAlbum()
      const failed = new AbortController()
      const client = { clientKey, signal: AbortSignal.any([signal, failed.signal]) }
      try {
        await forEachAtOnce(due, async (link) => {
          const hasRoom = album.add(link, await obtain(link, client))
          if (!hasRoom) throw new LinkError(link, new Error('too much for one request'))
        })
        const failures = await addOthers(others, album, client)
        if (failures > 0) await untilStep(began)
      } catch (error) {
        failed.abort()
        if (signal.aborted) throw new GatewayError('client-gone', 'The client is gone.', { cause: error })
        if (!(error instanceof LinkError)) throw error
        report(error)
        await untilStep(began)
        throw refusal(error.link, `This image could not be fetched; ${ADVICE}`)
      }
      return replaceImageLinks(conversation, (url) => album.imageOf(url))
    },
  }

  function charge(clientKey: string, count: number): void {
    const retryAfterSeconds = allowance.take(clientKey, count)
    if (retryAfterSeconds === 0) return
    const text = `Too many images were to be fetched lately. Try again in ${retryAfterSeconds} s, or ${ADVICE}`
    throw new GatewayError('throttled', text, { retryAfterSeconds })
  }

  /** Those that can be had and find room; how many could not be had just now. */
  async function addOthers(links: readonly ImageLinkPart[], album: Album, client: Client): Promise<number> {
    let failures = 0
    await forEachAtOnce(links, async (link) => {
      const known = cache.find(client.clientKey, link.url)
      if (known !== undefined && known.image === undefined) return
      if (known === undefined && allowance.take(client.clientKey, 1) > 0) return
      try {
        album.add(link, await obtain(link, client))
      } catch (error) {
        if (client.signal.aborted || !(error instanceof LinkError)) throw error
        failures += 1
        // Else a link that is dead for good would be followed with each request of the conversation.
        cache.keep(client.clientKey, link.url, undefined)
        report(error)
      }
    })
    return failures
  }

  async function obtain(link: ImageLinkPart, { clientKey, signal }: Client): Promise<ImagePart> {
    const known = cache.find(clientKey, link.url)?.image
    if (known !== undefined) return known
    const image = await fetchLink(link, signal)
    cache.keep(clientKey, link.url, image)
    return image
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

  function report({ link, cause }: LinkError): void {
    options.report({ host: new URL(link.url).host, error: cause })
  }

  async function untilStep(began: number): Promise<void> {
    const over = (clock.elapsed() - began) % REFUSAL_STEP_MS
    if (over === 0) return
    await new Promise<void>((resolve) => void clock.after(REFUSAL_STEP_MS - over, resolve))
  }
}

interface Client {
  clientKey: string
  signal: AbortSignal
}

/** `cause`: for the operator. */
class LinkError extends Error {
  readonly link: ImageLinkPart

  constructor(link: ImageLinkPart, cause: unknown) {
    super('An image could not be fetched.', { cause })
    this.link = link
  }
}

/** `due`: what a person has just attached. The others from the newest on. Each address once. */
function sortLinks({ turns }: Conversation): { due: ImageLinkPart[]; others: ImageLinkPart[] } {
  const attaching = findAttachingTurn(turns)
  const due = firstOfEachUrl(attaching === undefined ? [] : listImageLinks([attaching]))
  const others = firstOfEachUrl([...due, ...listImageLinks(turns).toReversed()]).slice(due.length)
  return { due, others }
}

function firstOfEachUrl(links: readonly ImageLinkPart[]): ImageLinkPart[] {
  const urls = new Set<string>()
  return links.filter(({ url }) => urls.size < urls.add(url).size)
}

interface Album {
  /** Whether there was room for it. */
  add(link: ImageLinkPart, image: ImagePart): boolean
  imageOf(url: string): ImagePart | undefined
}

/** The images of one request, by address. */
function createAlbum(): Album {
  const images = new Map<string, ImagePart>()
  let characters = 0
  return {
    add(link, image) {
      if (characters + image.base64.length > MAX_TOTAL_CHARACTERS) return false
      characters += image.base64.length
      images.set(link.url, image)
      return true
    },
    imageOf: (url) => images.get(url),
  }
}

async function forEachAtOnce(
  links: readonly ImageLinkPart[],
  action: (link: ImageLinkPart) => Promise<void>,
): Promise<void> {
  const queue = links.values()
  async function goOn(): Promise<void> {
    for (const link of queue) await action(link)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, goOn))
}

function refuseTooMany(links: readonly ImageLinkPart[]): void {
  const tooMany = links[MAX_LINKS]
  if (tooMany === undefined) return
  throw refusal(tooMany, `At most ${MAX_LINKS} images are fetched for a request; leave out this one`)
}

function refusal({ field }: ImageLinkPart, text: string): GatewayError {
  return new GatewayError('invalid-request', `${field}: ${text}`, { field, code: 'invalid_image_url' })
}
