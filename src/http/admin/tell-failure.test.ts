import { expect, it } from 'vitest'
import { dialects } from '../../dialects/index.ts'
import { tellFailure } from './tell-failure.ts'

it('tells a failure as each API does', () => {
  const told = tellFailure({ id: 'req_1', failure: 'throttled' }, dialects)
  expect(told.map(({ dialect, status }) => [dialect, status])).toEqual([
    ['anthropic-messages', 429],
    ['openai-responses', 429],
    ['openai-compact', 429],
    ['openai-chat', 429],
  ])
  expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({
    type: 'error',
    error: { type: 'rate_limit_error' },
    request_id: 'req_1',
  })
  expect(JSON.parse(told[3]?.body ?? '')).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
})

it.each([null, 'of-a-later-version'])('tells nothing of %s', (failure) => {
  expect(tellFailure({ id: 'req_1', failure }, dialects)).toEqual([])
})
