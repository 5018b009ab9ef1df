import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLookJudge } from './judge-looks.ts'
import { drawSamplePage, type SampleWishes } from './sample-page.ts'
import { signatureOf } from './signature.ts'
import type { TakenLook } from './take-look.ts'

const phone = { width: 390, height: 844 }
const take = (wishes: SampleWishes = {}, drawnBy = 'Chromium 1, fonts 10'): TakenLook => ({
  png: Buffer.from('a picture'),
  drawnBy,
  lengths: [844, 0],
  signature: signatureOf(drawSamplePage({ ...phone, ...wishes })),
})

let folder: string
let book: URL
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'look-judge-'))
  book = pathToFileURL(join(folder, 'looks.txt'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function run(looks: Readonly<Record<string, TakenLook>>, { isToBeWritten = false, isWhole = true } = {}) {
  const judge = createLookJudge({ book, folder: join(folder, 'pictures'), isToBeWritten })
  const found = Object.entries(looks).flatMap(([name, look]) => judge.judge(name, look))
  return { found, ...judge.end(isWhole) }
}

const write = (looks: Readonly<Record<string, TakenLook>>, isWhole = true) =>
  run(looks, { isToBeWritten: true, isWhole })

describe('the book of looks', () => {
  it('is written sorted by name, and holds what was taken', () => {
    expect(write({ b: take(), a: take({ isDark: true }) }).told).toBe('2 looks written')
    expect(readFileSync(book, 'utf8').split('\n').slice(1, 4)).toEqual([
      'Chromium 1, fonts 10',
      expect.stringMatching(/^a\t844\+0\t390x844 /),
      expect.stringMatching(/^b\t844\+0\t390x844 /),
    ])
    expect(run({ a: take({ isDark: true }), b: take() })).toEqual({
      found: [],
      faults: [],
      told: '2 looks compared, 0 changed',
    })
  })

  it('tells of a look that has changed, and leaves its picture and a note', () => {
    write({ a: take() })
    const { found, told } = run({ a: take({ isDark: true }) })
    expect(found).toEqual([expect.stringMatching(/^looks otherwise: \d+ of 364 blocks differ \(.*a\.png\)$/)])
    expect(told).toBe('1 looks compared, 1 changed')
    expect(readdirSync(join(folder, 'pictures'))).toEqual(['a.png', 'a.txt'])
    expect(readFileSync(join(folder, 'pictures', 'a.txt'), 'utf8')).toContain('#'.repeat(10))
  })

  it('tells of a look that is not in it, and of one that nobody has looked at', () => {
    write({ a: take() })
    expect(run({ b: take() })).toMatchObject({
      found: [expect.stringContaining('none of that name')],
      faults: ['a: is in the book of looks, and nobody has looked at it'],
    })
  })

  it('is not asked for more than a part when only a part is looked at', () => {
    write({ a: take(), b: take() })
    expect(run({ a: take() }, { isWhole: false })).toMatchObject({ found: [], faults: [] })
  })

  it('compares nothing with what other fonts have drawn, and says so', () => {
    write({ a: take() })
    const { found, faults, told } = run({ a: take({ isDark: true }, 'Chromium 1, fonts 11') })
    expect({ found, faults }).toEqual({ found: [], faults: [] })
    expect(told).toMatch(
      /^0 looks compared, 1 NOT COMPARED: something else .*\n.*fonts 10\n.*fonts 11\n.*--write$/,
    )
  })

  it('compares nothing where there is none, and says so', () => {
    expect(run({ a: take() }).told).toMatch(/^0 looks compared, 1 NOT COMPARED: there is no book of looks\n/)
    expect(existsSync(book)).toBe(false)
  })

  it('is renewed in part, and stays as it is where that would mix fonts', () => {
    write({ a: take(), b: take() })
    expect(write({ a: take({ isDark: true }) }, false).told).toBe('1 looks written')
    expect(run({ a: take({ isDark: true }), b: take() }).told).toBe('2 looks compared, 0 changed')
    expect(write({ b: take({}, 'Chromium 2, fonts 10') }, false).faults).toHaveLength(1)
    expect(run({ a: take({ isDark: true }), b: take() }).told).toBe('2 looks compared, 0 changed')
  })

  it('forgets what is no more when all of it is written', () => {
    write({ a: take(), b: take() })
    write({ b: take() })
    expect(run({ b: take() })).toMatchObject({ found: [], faults: [] })
  })
})
