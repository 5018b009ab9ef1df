import { expect, it } from 'vitest'
import { writeRateHeaders } from '../limits/rate-headers.ts'
import { createCors } from './cors.ts'

it('lets pages read how their key stands with its limits', () => {
  const cors = createCors({ demandsKey: () => true, origins: [] })
  const { 'access-control-expose-headers': exposed = '' } = cors.headersFor('/v1/chat/completions', {
    origin: 'https://page.example',
  })
  const standing = { limit: 1, remaining: 1, resetMs: 0 }
  const told = (['requests', 'tokens'] as const).flatMap((what) =>
    Object.keys(writeRateHeaders({ what, ...standing })),
  )
  expect(exposed.split(', ')).toEqual(expect.arrayContaining(told))
})
