import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { text } from '../../../simulator/replies/events.ts'
import { encodeStep } from '../../../simulator/replies/steps.ts'

const FRAMES_AT_ONCE = 64

/** A model service that answers everything with so many tokens, as fast as it is read, and builds nothing up. */
export async function startFastService(tokens: number): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => void answer(response, tokens))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The service does not listen.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const frame = encodeStep(text('tok é')) ?? Buffer.alloc(0)
const bunch = Buffer.concat(Array.from({ length: FRAMES_AT_ONCE }, () => frame))

async function answer(response: ServerResponse, tokens: number): Promise<void> {
  const left = new AbortController()
  response.once('close', () => left.abort())
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' })
  try {
    for (let sent = 0; sent < tokens; sent += FRAMES_AT_ONCE) {
      if (!response.write(bunch)) await once(response, 'drain', { signal: left.signal })
    }
    response.end()
  } catch {
    // The reader is gone.
  }
}
