import { describe, expect, it } from 'vitest'
import type { Setting } from '../../api/types.ts'
import { sampleSetting } from './sample-setting.ts'
import { changesOf, faultOf, isOvertaken, shownIn, withDraft } from './setting-drafts.ts'

const set = sampleSetting({ value: '7', isSet: true, source: 'console', inConsole: '7', isInConsole: true })

describe('what is typed and not saved', () => {
  it('is a change until it says what holds already', () => {
    const typed = withDraft(new Map(), set, '8')
    expect(changesOf([set], typed)).toEqual({ MAX_ERROR_COUNT: '8' })
    expect(withDraft(typed, set, '7').size).toBe(0)
  })

  it('goes back to the default only where something was set here', () => {
    expect(changesOf([set], withDraft(new Map(), set, null))).toEqual({ MAX_ERROR_COUNT: null })
    expect(withDraft(new Map(), sampleSetting(), null).size).toBe(0)
    const secret = sampleSetting({ name: 'ADMIN_PASSWORD', lockedBy: 'secret', isInConsole: true })
    expect(changesOf([secret], withDraft(new Map(), secret, null))).toEqual({ ADMIN_PASSWORD: null })
  })

  it('begins with what holds after a restart, where that is something else', () => {
    const waiting = sampleSetting({ value: '5', pending: { value: '9' }, inConsole: '9', isInConsole: true })
    expect(shownIn(waiting, undefined)).toBe('9')
    expect(withDraft(new Map(), waiting, '9').size).toBe(0)
    expect(changesOf([waiting], withDraft(new Map(), waiting, '5'))).toEqual({ MAX_ERROR_COUNT: '5' })
  })

  it('shows the default that it goes back to', () => {
    expect(shownIn(set, withDraft(new Map(), set, null).get(set.name))).toBe('5')
  })

  it('is overtaken by what somebody else sets, and by nothing that was typed', () => {
    const typed = withDraft(withDraft(new Map(), set, '8'), set, '9')
    const draft = typed.get(set.name)
    if (draft === undefined) throw new Error('It is a change.')
    expect(isOvertaken(set, draft)).toBe(false)
    expect(isOvertaken({ ...set, value: '6', inConsole: '6' }, draft)).toBe(true)
  })

  it.each<[string | null, Setting['kind'], ReturnType<typeof faultOf>]>([
    ['5', set.kind, undefined],
    [null, set.kind, undefined],
    ['0', set.kind, 'whole'],
    ['101', set.kind, 'whole'],
    ['1.5', set.kind, 'whole'],
    ['1e1', set.kind, 'whole'],
    [' ', set.kind, 'empty'],
    ['1.5', { type: 'number', least: 0, most: 2, isWhole: false }, undefined],
    ['x', { type: 'number', least: 0, most: 2, isWhole: false }, 'number'],
    ['a=b', { type: 'list' }, undefined],
    ['', { type: 'list' }, 'empty'],
  ])('like %s is told what is wrong with it', (text, kind, fault) => {
    expect(faultOf({ kind }, text)).toBe(fault)
  })

  it('is not sent with what is wrong', () => {
    expect(changesOf([set], withDraft(new Map(), set, '0'))).toEqual({})
  })
})
