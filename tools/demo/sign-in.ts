/** Gives the gateway an account that the simulator knows. */
import { z } from 'zod'

const readySchema = z.looseObject({ url: z.url() })
const seededSchema = z.looseObject({
  clientId: z.string(),
  clientSecret: z.string(),
  refreshToken: z.string(),
})

const healthPollMs = 50
const healthPatienceMs = 20_000

/** The simulator's first line is `{"url": "http://127.0.0.1:PORT"}`. */
export function readSimulatorUrl(line: string): string {
  return readySchema.parse(JSON.parse(line)).url
}

/** Rejects when the gateway has ended, or does not answer in time. */
export async function waitUntilHealthy(gatewayUrl: string, ended: Promise<string>): Promise<void> {
  let reasonOfEnd: string | undefined
  void ended.then((reason) => (reasonOfEnd = reason))
  const deadline = performance.now() + healthPatienceMs
  while (!(await isHealthy(gatewayUrl))) {
    if (reasonOfEnd !== undefined) throw new Error(reasonOfEnd)
    if (performance.now() > deadline) throw new Error(`The gateway at ${gatewayUrl} did not become healthy.`)
    await new Promise((resolve) => setTimeout(resolve, healthPollMs))
  }
}

async function isHealthy(gatewayUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${gatewayUrl}/healthz`)).ok
  } catch {
    return false
  }
}

export async function signIn(simulatorUrl: string, gatewayUrl: string): Promise<void> {
  const seeded = seededSchema.parse(await post(`${simulatorUrl}/__simulator/accounts`, {}))
  const { clientId, clientSecret, refreshToken } = seeded
  await post(`${gatewayUrl}/v2/accounts`, { label: 'Demo', clientId, clientSecret, refreshToken })
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${text.slice(0, 300)}`)
  return JSON.parse(text)
}
