import { describe, expect, it } from 'vitest'
import { images } from '../../test/sample-images.ts'
import type { ImagePart, Turn } from '../conversation/conversation.ts'
import { createImageIntake } from './image-intake.ts'

const assistant: Turn = { role: 'assistant', parts: [{ kind: 'text', text: 'ok' }] }
const user = (...parts: ImagePart[]): Turn => ({ role: 'user', parts })
const leftOut = { kind: 'text', text: expect.stringContaining('earlier image') }

function intake() {
  const taken = createImageIntake()
  return {
    fit: (turns: Turn[]) => taken.fit(turns),
    take: (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => taken.readBase64(images.png, `${name}.${index}`)),
  }
}

describe('the images of a request', () => {
  it('stay as they are up to twenty', () => {
    const { fit, take } = intake()
    const turns = [user(...take(10, 'a')), assistant, user(...take(10, 'b'))]
    expect(fit(turns)).toEqual({ turns, leftOut: false })
  })

  it('are refused by the first one too many of the last turn', () => {
    const { fit, take } = intake()
    const result = {
      kind: 'tool-result',
      toolUseId: 't',
      content: take(15, 'result'),
      failed: false,
    } as const
    const turns: Turn[] = [assistant, { role: 'user', parts: [result, ...take(8, 'after')] }]
    const failure = {
      kind: 'invalid-request',
      field: 'after.5',
      code: 'invalid_value',
      message: expect.stringMatching(/^after\.5: A message takes at most 20 images/),
    }
    expect(() => fit(turns)).toThrow(expect.objectContaining({ failure }))
  })

  it('leave out the oldest of earlier turns, also in tool results', () => {
    const { fit, take } = intake()
    const [first, second] = take(2, 'a')
    const old = take(19, 'b')
    const [last] = take(1, 'c')
    if (first === undefined || second === undefined || last === undefined) throw new Error('No images.')
    const result = { kind: 'tool-result' as const, toolUseId: 't', content: [second, ...old], failed: false }
    const turns: Turn[] = [user(first), assistant, { role: 'user', parts: [result] }, assistant, user(last)]
    expect(fit(turns)).toEqual({
      turns: [
        { role: 'user', parts: [leftOut] },
        assistant,
        { role: 'user', parts: [{ ...result, content: [leftOut, ...old] }] },
        assistant,
        user(last),
      ],
      leftOut: true,
    })
  })
})
