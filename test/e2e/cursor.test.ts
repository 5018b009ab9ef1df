import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readClientRequest } from '../client-request.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'
import { readSentConversation } from '../sent-conversation.ts'

/** What Cursor sends to the chat route for models that are called Claude: tools, calls and results of another API. */
const { path, headers, body } = readClientRequest('cursor-by-reports')

describe('Cursor', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(() => gateway.close())

  it('is answered in its own API, and all that it says arrives', async () => {
    const answer = await gateway.postJson(path, body, headers)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-aqueduct-ignored')?.split(', ')).toContain('tools.web_search_20250305')
    expect(await answer.text()).toContain('The tool answered')
    gateway.assertNoViolation()

    const sent = readSentConversation(gateway.simulator.journal.of('GenerateAssistantResponse')[0])
    expect(sent.users[0]?.content).toMatch(/You are a coding agent\.[\s\S]*What does a\.ts export\?/)
    expect(sent.assistants).toMatchObject([
      {
        content: 'Reading both.',
        toolUses: [{ input: { path: 'a.ts' } }, { input: { path: 'b.png' } }],
      },
    ])
    const current = sent.users.at(-1)
    expect(current?.images).toEqual([{ format: 'png', source: { bytes: images.png } }])
    expect(current?.userInputMessageContext.toolResults).toMatchObject([
      { toolUseId: 'toolu_1', content: [{ text: expect.stringContaining('no such file') }] },
      { toolUseId: 'toolu_2' },
    ])
    expect(current?.userInputMessageContext.tools.map((tool) => tool.toolSpecification.name)).toEqual([
      'read_file',
    ])
  })
})
