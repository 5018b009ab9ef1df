/** Looks over a page's shoulder: what it asks for, what it is told, and what goes wrong in it. */
import type { Page, Request, Response } from 'playwright-core'

/** Of the secrets that the gateway under test holds: the simulator marks those that it gives out. */
export const MASTER_KEY = '0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0'
const SECRET_MARKS = ['aoaSim', 'aorSim', 'sim-secret-', MASTER_KEY]
/** Long enough for answers that are on their way. */
const SETTLE_MS = 5000

export interface Fetched {
  path: string
  type: string
  status: number
  /** Undefined: a stream, or one that nobody waited for. */
  body: Buffer | undefined
}

export interface Watch {
  /** The answers so far, in the order in which they came. */
  fetched(): readonly Fetched[]
  /** Waits for the bodies of the answers that have come. */
  settle(): Promise<void>
  /** Throws when there was a request to elsewhere, a secret, an error, or a breach of the page's policy. */
  assertClean(): void
}

interface Expectations {
  origin: string
  expected: readonly (string | RegExp)[]
}

export async function watchPage(page: Page, { origin, expected }: Expectations): Promise<Watch> {
  const faults: string[] = []
  const fetched: Fetched[] = []
  const reading = new Set<Promise<void>>()
  const lookFor = (text: string, where: string) => {
    for (const mark of SECRET_MARKS) if (text.includes(mark)) faults.push(`a secret (${mark}…) in ${where}`)
  }
  async function note(response: Response): Promise<void> {
    const answer = await readAnswer(response)
    const { status, path, body } = answer
    fetched.push(answer)
    lookFor(String(body ?? ''), `the answer of ${path}`)
    const isMeant = expected.some((each) =>
      typeof each === 'string' ? each === `${status} ${path}` : each.test(`${status} ${path}`),
    )
    if (status >= 400 && !isMeant) faults.push(`${status} of ${path}`)
  }
  page.on('request', (request) => {
    if (!isOwn(request, origin)) faults.push(`a request to elsewhere: ${request.url()}`)
  })
  page.on('response', (response) => {
    const read = note(response)
    reading.add(read)
    void read.finally(() => reading.delete(read))
  })
  page.on('pageerror', (error) => faults.push(`an error in the page: ${error.message}`))
  page.on('dialog', (dialog) => {
    faults.push(`a dialog of a script: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    // Chromium's own line about an answer that is looked at above.
    if (message.text().startsWith('Failed to load resource')) return
    if (['error', 'warning'].includes(message.type())) faults.push(`the browser's console: ${message.text()}`)
  })
  await page.exposeBinding('aqueductTold', (_, what: string, text: string) => {
    if (what === 'feed') lookFor(text, 'the feed')
    else faults.push(`${what}: ${text}`)
  })
  await page.addInitScript({ content: LISTENING })
  return {
    fetched: () => fetched,
    async settle() {
      await Promise.race([
        Promise.allSettled(reading),
        new Promise((resolve) => setTimeout(resolve, SETTLE_MS)),
      ])
    },
    assertClean() {
      if (faults.length > 0) throw new Error(`The page has faults:\n${[...new Set(faults)].join('\n')}`)
    },
  }
}

/** Breaches of the policy, and what the feed tells, which has no body that ends. */
const LISTENING = `
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    window.aqueductTold('a breach of the policy', violatedDirective + ' ' + blockedURI + ' ' + sample))
  {
    const listen = EventSource.prototype.addEventListener
    EventSource.prototype.addEventListener = function (name, listener, options) {
      listen.call(this, name, ({ data }) => data === undefined || window.aqueductTold('feed', String(data)))
      return listen.call(this, name, listener, options)
    }
  }
`

function isOwn(request: Request, origin: string): boolean {
  const { protocol, origin: asked } = new URL(request.url())
  return asked === origin || protocol === 'data:' || protocol === 'blob:'
}

async function readAnswer(response: Response): Promise<Fetched> {
  const { pathname } = new URL(response.url())
  const type = response.headers()['content-type'] ?? ''
  const isStream = type.startsWith('text/event-stream')
  const body = isStream ? undefined : await response.body().catch(() => undefined)
  return { path: pathname, type, status: response.status(), body }
}
