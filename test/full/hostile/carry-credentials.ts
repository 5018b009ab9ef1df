/** Carries credentials to a gateway, over one connection. */
import { Agent, request } from 'node:http'

export interface Refusal {
  status: number
  body: string
}

export interface Carrier {
  carry(credentials: readonly string[]): Promise<Refusal>
  close(): void
}

export function createCarrier(url: string): Carrier {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const { host } = new URL(url)
  return {
    carry: (credentials) =>
      new Promise((resolve, reject) => {
        const sent = request(
          `${url}/v1/models`,
          { agent, headers: ['host', host, ...credentials] },
          (answer) => {
            let body = ''
            answer.setEncoding('utf8').on('data', (piece: string) => {
              body += piece
            })
            answer.on('end', () => {
              resolve({ status: answer.statusCode ?? 0, body })
            })
          },
        )
        sent.on('error', reject).end()
      }),
    close: () => agent.destroy(),
  }
}
