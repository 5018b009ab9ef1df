import { describe, expect, it } from 'vitest'
import { createIds } from '../create-ids.ts'
import { readSearch } from './call-log.ts'

describe('what is looked for by a text', () => {
  it('is a kind of failure, by a part of its name', () => {
    expect(readSearch('THROTT')).toEqual({ failures: ['throttled'] })
  })

  it('is an id, by as much of it as no two requests share that came at different times', () => {
    let now = Date.parse('2026-11-22T10:00:00Z')
    const createId = createIds({ now: () => now })
    const id = `req_${createId()}`
    now += 1
    const later = `req_${createId()}`
    expect(readSearch(id.slice(0, 12))).toEqual({ idPrefix: id.slice(0, 12) })
    expect(later.slice(0, 12)).not.toBe(id.slice(0, 12))
    expect(later.slice(0, 11)).toBe(id.slice(0, 11))
    expect(() => readSearch(id.slice(0, 11))).toThrow('at least 12 characters')
  })
})
