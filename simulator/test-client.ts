/** A plain client for the simulator's own tests: it may send what no official client would. */
import { request, user } from './rules/sample-request.ts'
import type { Simulator } from './simulator.ts'

export const CHAT_TARGET = 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse'

interface Sent {
  /** Absent: that of a new account. */
  accessToken?: string
  /** Absent: `/`, which is the awsJson binding. */
  path?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

export type TestClient = ReturnType<typeof createTestClient>

export function createTestClient(simulator: Simulator) {
  function send(body: unknown, { accessToken, path = '/', headers, signal }: Sent = {}): Promise<Response> {
    return fetch(`${simulator.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': path === '/' ? 'application/x-amz-json-1.0' : 'application/json',
        'x-amz-target': CHAT_TARGET,
        authorization: `Bearer ${accessToken ?? simulator.seed().accessToken}`,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal && { signal }),
    })
  }
  return {
    send,
    /** Sends a minimal request with this prompt. */
    say: (content: string, sent?: Sent) => send(request(user(content)), sent),
    /** Calls a control route. */
    async control(method: string, path: string, body?: unknown) {
      const response = await fetch(`${simulator.url}/__simulator/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const json: unknown = await response.json()
      return { status: response.status, json }
    },
  }
}
