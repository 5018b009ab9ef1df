import { describe, expect, it } from 'vitest'
import { environmentSchema } from '../config.ts'
import { defaultOf, readSettingText, settings } from './setting-facts.ts'

describe('the settings', () => {
  it('are all that the environment may say', () => {
    expect(settings.map(({ name }) => name)).toEqual(Object.keys(environmentSchema.shape))
  })

  it.each(settings.filter(({ name }) => defaultOf(name) !== null))(
    '$name has a default that is a value of its kind',
    ({ name, kind }) => {
      const value = defaultOf(name) ?? ''
      expect(readSettingText(name, value)).toEqual({ isValid: true, text: value })
      const words = kind.type === 'choice' ? kind.words : kind.type === 'flag' ? ['true', 'false'] : [value]
      expect(words).toContain(value)
    },
  )

  it('have a default where the console may set them', () => {
    const without = settings.filter(
      ({ name, reserved }) => reserved === undefined && defaultOf(name) === null,
    )
    expect(without).toEqual([])
  })

  it.each(settings.filter(({ kind }) => kind.type === 'number'))(
    '$name keeps its bounds',
    ({ name, kind }) => {
      if (kind.type !== 'number') throw new Error('It is a number.')
      const isValid = (value: number) => readSettingText(name, String(value)).isValid
      expect([kind.least, kind.most].map(isValid)).toEqual([true, true])
      expect(isValid(kind.most + 1)).toBe(false)
      expect(isValid(kind.least + 0.5)).toBe(!kind.isWhole)
    },
  )

  it('may hold a password only where they are not shown', () => {
    const secret = /PASSWORD|MASTER_KEY$|MASTER_KEY_PREVIOUS|_KEYS$|API_KEY|HTTPS?_PROXY$|DATABASE_URL/
    const shown = settings.filter(({ name, reserved }) => secret.test(name) && reserved !== 'secret')
    expect(shown.map(({ name }) => name)).toEqual(['ADMIN_BEARER_PASSWORD'])
  })

  it('that say where tokens go, or who is let in, are the environment’s alone', () => {
    const delicate =
      /ENDPOINT|PROXY|PROXIES|PUBLIC_URL|OPEN_API|CONSOLE|BEARER|WEB_SEARCH|^HOST$|^PORT$|DATA_DIR/
    const open = settings.filter(({ name, reserved }) => delicate.test(name) && reserved === undefined)
    expect(open).toEqual([])
  })
})
