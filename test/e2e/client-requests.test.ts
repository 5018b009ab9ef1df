import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readClientRequest } from '../client-request.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

/** Captured requests of real clients, sent as they are to the gateway before the strict simulator. */
const answered = [
  'claude-code-2.1.197-first-turn',
  'claude-code-2.1.197-tool-result',
  'claude-code-2.1.197-bearer-sonnet',
  'claude-code-2.1.197-subagent',
  'claude-code-2.1.197-subagent-result',
  'claude-code-2.1.330-first-turn',
  'opencode-1.18.33-anthropic',
  'opencode-1.18.33-chat',
  'opencode-1.18.33-chat-tool-result',
  'cline-cli-3.0.65',
  'continue-cli-1.5.47',
  'langchain-anthropic',
]

describe('requests as real clients send them', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(() => gateway.close())

  it.each(answered)('%s is answered to its end without a violation', async (name) => {
    const { path, headers, body } = readClientRequest(name)
    gateway.simulator.journal.clear()
    const answer = await gateway.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await answer.text()
    expect(answer.status).toBe(200)
    expect(text).toMatch(/event: message_stop\n|data: \[DONE\]\n/)
    expect(gateway.simulator.journal.violations()).toEqual([])
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toMatchObject([
      { outcome: { kind: 'answered', status: 200 } },
    ])
  })
})
