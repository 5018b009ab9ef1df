import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const translated = z.object({
  request: z.object({ body: z.looseObject({ conversationState: z.looseObject({}) }) }),
  notes: z.array(z.string()),
  findings: z.array(z.unknown()),
})

describe('a request that is translated', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(() => gateway.close())

  async function translate(content: unknown) {
    const request = { model: 'claude-sonnet-4.5', max_tokens: 10, messages: [{ role: 'user', content }] }
    const answer = await gateway.postJson('/v2/translate', { api: 'anthropic-messages', request })
    expect(answer.status).toBe(200)
    return translated.parse(await answer.json())
  }

  it('shows a placeholder for an image by address, says so, and fetches nothing', async () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://127.0.0.1/a.png' } }
    const { request, notes, findings } = await translate([{ type: 'text', text: 'What is this?' }, image])
    expect(request.body.conversationState).toMatchObject({
      currentMessage: {
        userInputMessage: {
          content: 'What is this?',
          images: [{ format: 'png', source: { bytes: expect.stringMatching(/^iVBORw0KGgo/) } }],
        },
      },
    })
    expect(notes).toEqual([
      expect.stringMatching(/^messages\.0\.content\.1\.source\.url: No image is fetched here/),
    ])
    expect(findings).toEqual([])
    expect(gateway.log.join('')).not.toContain('an image was not fetched')
  })

  it('needs no notes without such images', async () => {
    expect(await translate('hi')).toMatchObject({ notes: [], findings: [] })
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })
})
