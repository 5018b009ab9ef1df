import {
  CodeWhispererStreamingClient,
  GenerateAssistantResponseCommand,
} from '@aws/codewhisperer-streaming-client'
import type { GenerateAssistantResponseCommandInput } from '@aws/codewhisperer-streaming-client'
import { z } from 'zod'

const CAPTURED = 'captured'
/** Names under which the client takes bytes where the wire has base64. */
const BINARY_MEMBERS: ReadonlySet<string> = new Set(['bytes', 'redactedContent'])

const commandInput = z.custom<GenerateAssistantResponseCommandInput>(
  (value) => typeof value === 'object' && value !== null,
)

/**
 * The body as AWS's own client would send it: members that its model does not know are gone, and a value that it cannot
 * write is thrown. Nothing leaves the process.
 */
export async function throughOfficialClient(body: unknown): Promise<unknown> {
  let sent: unknown
  const client = new CodeWhispererStreamingClient({
    region: 'us-east-1',
    token: { token: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle(request: { body: Uint8Array }) {
        sent = JSON.parse(new TextDecoder().decode(request.body))
        return Promise.reject(new Error(CAPTURED))
      },
    },
  })
  const command = new GenerateAssistantResponseCommand(commandInput.parse(withBytes(body)))
  await client.send(command).catch((error: Error) => {
    if (error.message !== CAPTURED) throw error
  })
  return sent
}

function withBytes(value: unknown, name?: string): unknown {
  if (typeof value === 'string' && BINARY_MEMBERS.has(name ?? '')) {
    return new Uint8Array(Buffer.from(value, 'base64'))
  }
  if (Array.isArray(value)) return value.map((each) => withBytes(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withBytes(inner, key)]))
}
