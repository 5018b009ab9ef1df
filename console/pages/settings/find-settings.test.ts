import { describe, expect, it } from 'vitest'
import { findSettings } from './find-settings.ts'
import { sampleSetting } from './sample-setting.ts'

const list = [
  sampleSetting(),
  sampleSetting({ name: 'LOG_LEVEL' }),
  sampleSetting({ name: 'MAX_BODY_MEGABYTES' }),
]
const said = {
  MAX_ERROR_COUNT: 'Failures of an account',
  LOG_LEVEL: '日志级别',
  MAX_BODY_MEGABYTES: 'Largest',
}
const find = (sought: string) =>
  findSettings(list, sought, ({ name }) => Object.entries(said).find(([key]) => key === name)?.[1] ?? '').map(
    ({ name }) => name,
  )

describe('a search of settings', () => {
  it.each([
    ['', ['MAX_ERROR_COUNT', 'LOG_LEVEL', 'MAX_BODY_MEGABYTES']],
    ['max', ['MAX_ERROR_COUNT', 'MAX_BODY_MEGABYTES']],
    ['  account FAILURES ', ['MAX_ERROR_COUNT']],
    ['日志', ['LOG_LEVEL']],
    ['max 日志', []],
  ])('for "%s" finds %j', (sought, names) => {
    expect(find(sought)).toEqual(names)
  })
})
