import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isSameView, queryOf, readViews, removeView, savedViews, saveView, viewOf } from './saved-views.ts'

const stored = new Map<string, string>()
beforeEach(() => {
  stored.clear()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
  })
  savedViews.value = []
})
afterEach(() => void vi.unstubAllGlobals())

describe('saved views', () => {
  it('are filters and order, and nothing else of the address', () => {
    const query = new URLSearchParams('state=parked&sort=-quota&account=x&tab=audit&tag=')
    expect(viewOf(query)).toEqual({ state: 'parked', sort: '-quota' })
  })

  it('take away what they do not name', () => {
    expect(queryOf({ name: 'a', query: { tag: 'eu' } })).toEqual({
      tag: 'eu',
      q: undefined,
      state: undefined,
      plan: undefined,
      region: undefined,
      sort: undefined,
    })
  })

  it('are remembered, one of each name, until they are removed', () => {
    saveView({ name: 'Mine', query: { tag: 'eu' } })
    saveView({ name: 'Other', query: {} })
    saveView({ name: 'Mine', query: { tag: 'us' } })
    expect(readViews()).toEqual([
      { name: 'Other', query: {} },
      { name: 'Mine', query: { tag: 'us' } },
    ])
    removeView('Other')
    expect(readViews().map(({ name }) => name)).toEqual(['Mine'])
  })

  it.each(['null', '{', '[1,null,{"name":1,"query":{}},{"name":"a"}]', '"x"'])(
    'are none where %s is stored',
    (text) => {
      stored.set('aqueduct.accounts.views', text)
      expect(readViews()).toEqual([])
    },
  )

  it('are known to be in use', () => {
    expect(isSameView({ tag: 'eu' }, viewOf(new URLSearchParams('tag=eu&account=1')))).toBe(true)
    expect(isSameView({ tag: 'eu' }, {})).toBe(false)
  })
})
