import { expect, it } from 'vitest'
import { closeInOrder } from './close-in-order.ts'

it('what cannot be closed is reported, and the rest is closed in its order all the same', async () => {
  const closed: string[] = []
  const reported: unknown[] = []
  const close = (name: string) => async () => void closed.push(name)
  await closeInOrder(
    [
      [
        () => {
          throw new Error('at once')
        },
        close('one'),
        () => Promise.reject(new Error('later')),
        close('two'),
      ],
      [close('the events')],
      [() => Promise.reject(new Error('disk full'))],
      [close('the database')],
    ],
    (error) => reported.push(String(error)),
  )
  expect(closed).toEqual(['one', 'two', 'the events', 'the database'])
  expect(reported).toEqual(['Error: at once', 'Error: later', 'Error: disk full'])
})
