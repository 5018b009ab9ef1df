import { afterEach, describe, expect, it } from 'vitest'
import { preferences } from '../../state/settings.ts'
import { nameToChoose } from './account-name.ts'

const usual = preferences.value

describe('an account among others to choose from', () => {
  afterEach(() => {
    preferences.value = usual
  })

  it.each([
    [false, 'anna@example.com', 'anna@example.com'],
    [true, 'anna@example.com', 'a•••••.com (0123abcd…)'],
    [true, null, '0123abcd-4567'],
  ])('with privacy %j and the label %j is called %s', (privacy, label, called) => {
    preferences.value = { ...usual, privacy }
    expect(nameToChoose({ id: '0123abcd-4567', label })).toBe(called)
  })
})
