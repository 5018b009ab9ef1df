import { describe, expect, it } from 'vitest'
import { defaultModels } from '../models.ts'
import { createSwitchBoard } from '../switches.ts'
import { checkImages } from './media.ts'

function png(width: number, height: number): string {
  const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0', 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head.toString('base64')
}

function judge(images: string[]) {
  const blocks = images.map((bytes) => ({ format: 'png', source: { bytes } }))
  const { limits } = createSwitchBoard({}).current()
  const message = { content: 'Look', images: blocks }
  return checkImages([{ role: 'user', path: 'user', current: true, message }], {
    limits,
    model: defaultModels[0],
  })
}

const many = (count: number, image: string) => Array.from({ length: count }, () => image)

describe('images', () => {
  it.each([
    { what: '8000 pixels', images: [png(8000, 8000)], rules: [] },
    { what: '8001 pixels in width', images: [png(8001, 1)], rules: ['image-dimension'] },
    { what: '8001 pixels in height', images: [png(1, 8001)], rules: ['image-dimension'] },
    { what: '20 images of 8000 pixels', images: many(20, png(8000, 1)), rules: [] },
    { what: '21 images of 2000 pixels', images: many(21, png(2000, 2000)), rules: [] },
    {
      what: '21 images, one larger',
      images: [...many(20, png(1, 1)), png(2001, 1)],
      rules: ['image-dimension'],
    },
    { what: '100 images', images: many(100, png(1, 1)), rules: [] },
    { what: '101 images', images: many(101, png(1, 1)), rules: ['image-count'] },
  ])('$what: $rules', ({ images, rules }) => {
    expect(judge(images).map(({ rule }) => rule)).toEqual(rules)
  })

  it('are refused with the reason and the words of the service', () => {
    expect(judge([png(9000, 10)])).toMatchObject([
      { reason: 'IMAGE_DIMENSION_EXCEEDED', says: 'image dimensions exceed 8000 pixels: 9000 x 10' },
    ])
  })
})
