import { describe, expect, it } from 'vitest'
import { compareLooks, describeDifference, type Look } from './compare-looks.ts'
import { drawSamplePage, type SampleWishes } from './sample-page.ts'
import { readSignature, signatureOf, writeSignature } from './signature.ts'

const look = (wishes: SampleWishes = {}, lengths: Look['lengths'] = [1000, 0]): Look => ({
  signature: signatureOf(drawSamplePage(wishes)),
  lengths,
})
const was = look()

describe('a look', () => {
  it.each([
    { what: 'taken twice', is: look() },
    { what: 'with other digits', is: look({ text: 1 }) },
    { what: 'that has grown by a line', is: look({}, [1021, 0]) },
    { what: 'with a card a pixel further down', is: look({ cardTop: 301 }) },
  ])('is the same $what', ({ is }) => {
    expect(compareLooks(was, is)).toBeUndefined()
  })

  it.each([
    { what: 'in the other theme', is: look({ isDark: true }), least: 600 },
    { what: 'without its card', is: look({ hasCard: false }), least: 20 },
    { what: 'with a card 40 pixels further down', is: look({ cardTop: 340 }), least: 10 },
    { what: 'with a red button', is: look({ button: [192, 38, 45] }), least: 1 },
    { what: 'with a green button that is as bright', is: look({ button: [0, 133, 60] }), least: 1 },
  ])('is another one $what', ({ is, least }) => {
    expect(compareLooks(was, is)?.blocks.length).toBeGreaterThanOrEqual(least)
  })

  it('is another one when what scrolls out of sight grows or is gone', () => {
    expect(compareLooks(was, look({}, [1040, 0]))?.told).toBe('the page is 1040 pixels long, and was 1000')
    expect(compareLooks(look({}, [1000, 900]), was)?.told).toBe('what is open is 0 pixels long, and was 900')
  })

  it('is another one in a window of another size', () => {
    expect(compareLooks(was, look({ width: 390, height: 844 }))?.told).toBe(
      'the picture has 390 × 844 pixels, and had 1440 × 1000',
    )
  })

  it('is described by a map of the window and the places that differ', () => {
    const is = look({ button: [192, 38, 45] })
    const difference = compareLooks(was, is) ?? { told: '', blocks: [] }
    const lines = describeDifference(difference, is.signature).split('\n')
    expect(lines[0]).toBe(`${difference.blocks.length} of 640 blocks differ`)
    expect(lines[2]).toBe('·'.repeat(32))
    expect(lines.find((line) => line.includes('#'))).toMatch(/^·{28}#/)
    expect(lines.find((line) => line.startsWith('x '))).toMatch(/^x 1260 to 1305, y 300 to 350: \d+ levels$/)
  })
})

describe('the signature of a picture', () => {
  it.each([
    { name: 'a desk', wishes: {} },
    { name: 'a phone', wishes: { width: 390, height: 844, isDark: true } },
  ])('is written in a line and read again: $name', ({ wishes }) => {
    const signature = signatureOf(drawSamplePage(wishes))
    const line = writeSignature(signature)
    expect(line).toMatch(/^\d+x\d+ [\w-]{20,800}$/)
    expect(readSignature(line)).toEqual(signature)
  })

  it('is refused when it was written for another size', () => {
    const line = writeSignature(was.signature).replace('1440x1000', '390x844')
    expect(() => readSignature(line)).toThrow('No signature of a picture')
  })
})
