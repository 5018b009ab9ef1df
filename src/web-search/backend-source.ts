/** The search service that the operator has set up. */
import type { Readable } from 'node:stream'
import { request } from 'undici'
import { parseJson } from '../conversation/parse-json.ts'
import type { Dispatchers } from '../outbound/dispatchers.ts'
import type { FoundPage } from '../upstreams/upstream.ts'
import type { Backend, BackendRequest } from './backends/backend.ts'
import { brave } from './backends/brave.ts'
import { searxng } from './backends/searxng.ts'
import { tavily } from './backends/tavily.ts'
import type { SearchSource } from './web-search.ts'

export interface BackendSettings {
  name: 'searxng' | 'brave' | 'tavily'
  /** Where it is, in place of where it usually is. */
  url?: string | undefined
  key?: string | undefined
}

interface BackendSourceParts extends BackendSettings {
  dispatcherFor: Dispatchers['dispatcherFor']
  version: string
}

const backends = {
  searxng: { backend: searxng, usualAddress: 'http://127.0.0.1:8080' },
  brave: { backend: brave, usualAddress: 'https://api.search.brave.com' },
  tavily: { backend: tavily, usualAddress: 'https://api.tavily.com' },
} as const satisfies Record<BackendSettings['name'], { backend: Backend; usualAddress: string }>

const MAX_BYTES = 1_000_000

/** It is asked at the operator's word, wherever it is: no address of a client's is ever followed, and no redirect either. */
export function createBackendSource({ name, url, key = '', ...parts }: BackendSourceParts): SearchSource {
  const { backend, usualAddress } = backends[name]
  const address = (url ?? usualAddress).replace(/\/+$/, '')
  return {
    name,
    isOffered: () => true,
    async find(query, { rules, signal }) {
      const text = await fetchText(backend.ask(query, { address, key, rules }), { ...parts, signal })
      return readAnswer(backend, text)
    },
  }
}

function readAnswer(backend: Backend, text: string): readonly FoundPage[] {
  const answer = parseJson(text)
  const pages = answer === undefined ? undefined : backend.read(answer)
  if (pages === undefined) throw new Error('the answer is not one of this backend')
  return pages
}

async function fetchText(
  { url, method, headers, body }: BackendRequest,
  { dispatcherFor, version, signal }: Omit<BackendSourceParts, 'name'> & { signal: AbortSignal },
): Promise<string> {
  const { statusCode, body: answer } = await request(url, {
    method,
    dispatcher: dispatcherFor(url),
    signal,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': `aqueduct/${version}`,
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  // A body that nobody reads on breaks off.
  answer.on('error', () => {})
  try {
    if (statusCode !== 200) throw new Error(`the answer's status is ${statusCode}`)
    return await readWhole(answer)
  } finally {
    answer.destroy()
  }
}

async function readWhole(body: Readable): Promise<string> {
  const chunks: Uint8Array[] = []
  let byteCount = 0
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('A body gave something else than bytes.')
    byteCount += chunk.byteLength
    if (byteCount > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
