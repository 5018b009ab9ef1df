import { describe, expect, it } from 'vitest'
import { dialects } from './index.ts'

describe('the dialects', () => {
  it('share no path', () => {
    const paths = dialects.flatMap(({ paths: own, tokenCounting }) => [
      ...own,
      ...(tokenCounting?.paths ?? []),
    ])
    expect(new Set(paths).size).toBe(paths.length)
    expect(dialects.map((dialect) => dialect.paths[0])).toEqual([
      '/v1/messages',
      '/v1/responses',
      '/v1/responses/compact',
      '/v1/chat/completions',
    ])
  })
})
