import { readFileSync } from 'node:fs'
import { z } from 'zod'

const clientRequest = z.object({
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
})

/** A captured request of a real client, by its file's name without the ending. */
export function readClientRequest(name: string): z.output<typeof clientRequest> {
  const file = new URL(`fixtures/client-requests/${name}.json`, import.meta.url)
  return clientRequest.parse(JSON.parse(readFileSync(file, 'utf8')))
}
