import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { PSEUDO_LETTER, pseudoScript } from './pseudo-language.ts'

/** What the page would say. */
function speak(texts: object): unknown {
  const spoken: unknown = runInNewContext(
    `${pseudoScript}; JSON.stringify(speakPseudo(${JSON.stringify(texts)}))`,
  )
  return JSON.parse(String(spoken))
}

describe('the language that nobody speaks', () => {
  it.each([
    ['Save', 'Šåṽéļö'],
    ['Try again', 'Ţŕý åĝåîñ ļöñ'],
    ['{name} and {count} more', '{name} åñð {count} ɱöŕé ļöñ'],
    ['12 %', '12 % ļ'],
    ['', ''],
  ])('says %j as %j', (text, said) => {
    expect(speak({ text })).toEqual({ text: said })
  })

  it('has all forms of a text that depends on a number', () => {
    expect(speak({ text: { one: '1 key', other: '{count} keys' } })).toEqual({
      text: { one: '1 ķéý ļ', other: '{count} ķéýš ļ' },
    })
  })

  it('leaves no letter as it was', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz'
    expect(speak({ 1: alphabet, 2: alphabet.toUpperCase() })).toEqual({
      1: expect.stringMatching(new RegExp(`^${PSEUDO_LETTER}{37}$`)),
      2: expect.stringMatching(new RegExp(`^${PSEUDO_LETTER}{37}$`)),
    })
  })
})
