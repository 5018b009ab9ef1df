import { describe, expect, it } from 'vitest'
import { settingGroups, settings } from '../../../src/settings/setting-facts.ts'
import { groups } from './find-settings.ts'
import { settingTexts } from './setting-texts.ts'

describe('the texts of settings', () => {
  it('are there for each that there is, and for no other', () => {
    const wanted = settings.flatMap(({ name }) => [name, `${name}_help`])
    expect(Object.keys(settingTexts.en).toSorted()).toEqual(wanted.toSorted())
  })

  it('are told apart: no two settings have the same title', () => {
    for (const texts of [settingTexts.en, settingTexts['zh-CN']]) {
      const titles = Object.entries(texts).filter(([key]) => !key.endsWith('_help'))
      expect(new Set(titles.map(([, title]) => title)).size).toBe(titles.length)
    }
  })

  it('stand in the groups that the gateway has', () => {
    expect(groups.filter((group) => group !== 'about')).toEqual([...settingGroups])
  })
})
