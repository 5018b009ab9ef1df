/** The official streaming client judges the binding of InvokeMCP. */
import { CodeWhispererStreaming, type MCPMethod } from '@aws/codewhisperer-streaming-client'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startSimulator, type Simulator } from './simulator.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

const method: MCPMethod = 'tools/call'

function officialClient(accessToken: string) {
  const token = { token: accessToken }
  return new CodeWhispererStreaming({ endpoint: simulator.url, region: 'us-east-1', token, maxAttempts: 1 })
}

it('searches for the official client', async () => {
  const { accessToken } = simulator.seed()
  const params = { name: 'web_search', arguments: { query: 'tea' } }
  const answer = await officialClient(accessToken).invokeMCP({ jsonrpc: '2.0', id: 'i', method, params })
  expect(answer).toMatchObject({ id: 'i', result: { content: [{ type: 'text' }], isError: false } })
  expect(simulator.journal.of('InvokeMCP')).toHaveLength(1)
})

it('takes the profile from a header, and refuses the wrong one', async () => {
  const { accessToken } = simulator.seed({ profileArn: 'arn:a' })
  const params = { name: 'web_search', arguments: { query: 'tea' } }
  const client = officialClient(accessToken)
  const call = (profileArn: string) => client.invokeMCP({ jsonrpc: '2.0', id: 1, method, params, profileArn })
  expect(await call('arn:a')).toMatchObject({ id: 1 })
  await expect(call('arn:b')).rejects.toThrow(/not authorized/)
})

it('answers other tools with an error of JSON-RPC', async () => {
  const { accessToken } = simulator.seed()
  const params = { name: 'other', arguments: {} }
  const answer = await officialClient(accessToken).invokeMCP({ jsonrpc: '2.0', id: 'i', method, params })
  expect(answer).toMatchObject({ error: { code: -32_602 } })
})
