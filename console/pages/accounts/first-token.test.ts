import { describe, expect, it } from 'vitest'
import { readFirstToken } from './first-token.ts'

function streamOf(...parts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part))
      controller.close()
    },
  })
}

const ROLE = 'data: {"model":"m","choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'

describe('the first words of an answer', () => {
  it.each([
    ['in one part', [`${ROLE}data: {"model":"m","choices":[{"delta":{"content":"Hi"}}]}\n\n`]],
    ['cut within a line', [ROLE, 'data: {"model":"m","choices":[{"delta":', '{"content":"Hi"}}]}\n\n']],
    ['as thinking', [ROLE, 'data: {"model":"m","choices":[{"delta":{"reasoning_content":"Hm"}}]}\n\n']],
  ])('are found %s', async (_, parts) => {
    expect(await readFirstToken(streamOf(...parts))).toEqual({ kind: 'text', model: 'm' })
  })

  it('are missing when the stream fails', async () => {
    const failure = 'data: {"error":{"message":"Too many requests."}}\n\n'
    expect(await readFirstToken(streamOf(ROLE, failure))).toEqual({
      kind: 'failed',
      message: 'Too many requests.',
    })
  })

  it('are missing when it ends without any', async () => {
    expect(await readFirstToken(streamOf(ROLE, 'data: [DONE]\n\n'))).toMatchObject({ kind: 'failed' })
  })
})
