import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

describe('routes of the APIs that are not served', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
  })
  afterAll(() => gateway.close())

  it.each([
    '/v1/completions',
    '/completions',
    '/v1/embeddings',
    '/embeddings',
    '/v1/moderations',
    '/v1/files',
    '/v1/assistants',
    '/v1/images/generations',
    '/v1/audio/speech',
    '/api/event_logging/batch',
    '/api/event_logging/v2/batch',
    '/api/claude_code/metrics',
  ])('%s is a JSON 404 that OpenAI clients understand', async (path) => {
    const answer = await gateway.postJson(path, { model: 'claude-sonnet-4.5', input: 'a', prompt: 'a' })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await answer.json()).toEqual({
      error: {
        message: expect.stringContaining(path),
        type: 'invalid_request_error',
        param: null,
        code: 'unknown_url',
      },
    })
  })

  it.each([
    ['/v1/messages/batches', {}],
    ['/anthropic/v1/complete', {}],
    ['/v1/complete', { 'anthropic-version': '2023-06-01' }],
    ['/v1/files', { 'x-api-key': 'any' }],
    ['/api/event_logging/batch', { 'anthropic-version': '2023-06-01' }],
  ])('%s with %j is a JSON 404 that Anthropic clients understand', async (path, headers) => {
    const answer = await gateway.postJson(path, {}, headers)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { type: 'not_found_error', message: expect.stringContaining(path) },
      request_id: answer.headers.get('request-id'),
    })
  })
})
