import { describe, expect, it } from 'vitest'
import { columnWidths, parseWidths, setWidth, widthAfterKey, writeWidths } from './column-widths.ts'

describe('the widths of columns', () => {
  it('are remembered', () => {
    const widths = { name: 300, quota: 90 }
    expect(parseWidths(writeWidths(widths))).toEqual(widths)
  })

  it.each([
    ['', {}],
    ['mood:100,quota:90', { quota: 90 }],
    ['quota:-5,plan:1e3,state:', {}],
    ['quota:1,plan:9999', { quota: 56, plan: 800 }],
    ['__proto__:100', {}],
  ])('are read from %j as %o', (text, widths) => {
    expect(parseWidths(text)).toEqual(widths)
  })

  it.each([
    ['ArrowRight', false, 108],
    ['ArrowRight', true, 140],
    ['ArrowLeft', false, 92],
    ['ArrowLeft', true, 60],
    ['Home', false, 56],
    ['End', false, 800],
    ['a', false, undefined],
  ])('change with %s, Shift %s, from 100 to %s', (key, shiftKey, width) => {
    expect(widthAfterKey(100, { key, shiftKey })).toBe(width)
  })

  it('are set and taken back one by one', () => {
    setWidth('plan', 120.4)
    setWidth('quota', 10_000)
    expect(columnWidths.value).toEqual({ plan: 120, quota: 800 })
    setWidth('plan', undefined)
    expect(columnWidths.value).toEqual({ quota: 800 })
    setWidth('quota', undefined)
  })
})
