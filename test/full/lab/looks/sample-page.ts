/** A page for tests of looks: a rail, a card with a button, and lines that stand for text. */
import type { Picture } from './read-png.ts'

type Colour = readonly [red: number, green: number, blue: number]

export interface SampleWishes {
  width?: number
  height?: number
  isDark?: boolean
  button?: Colour
  hasCard?: boolean
  /** How far down the card begins. */
  cardTop?: number
  /** Other digits in each line of text. */
  text?: number
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

export function drawSamplePage(wishes: SampleWishes = {}): Picture {
  const { width = 1440, height = 1000, isDark = false, hasCard = true, cardTop = 300, text = 0 } = wishes
  const { button = isDark ? [108, 178, 255] : [11, 107, 203] } = wishes
  const [ground, surface, ink]: Colour[] = isDark
    ? [
        [15, 18, 22],
        [23, 27, 33],
        [232, 236, 241],
      ]
    : [
        [246, 247, 249],
        [255, 255, 255],
        [22, 32, 44],
      ]
  const picture = { width, height, channels: 3, bytes: new Uint8Array(width * height * 3) }
  const fill = (box: Box, colour: Colour = [0, 0, 0]) => fillBox(picture, box, colour)
  fill({ x: 0, y: 0, width, height }, ground)
  fill({ x: 0, y: 0, width: 220, height }, surface)
  // What is above all cards stays where it is.
  fill({ x: 260, y: 40, width: 300, height: 20 }, ink)
  if (!hasCard) return picture
  fill({ x: 260, y: cardTop, width: width - 300, height: 400 }, surface)
  fill({ x: width - 160, y: cardTop + 20, width: 96, height: 36 }, button)
  for (let line = 0; line < 12; line += 1) {
    for (let letter = 0; letter < 40; letter += 1) {
      const strokes = 2 + ((letter * 7 + line * 3 + text * (letter % 4 === 0 ? 5 : 0)) % 3)
      const y = cardTop + 80 + line * 24
      fill({ x: 280 + letter * 8, y, width: strokes, height: 10 }, ink)
    }
  }
  return picture
}

function fillBox({ width, height, bytes }: Picture, box: Box, colour: Colour): void {
  for (let y = box.y; y < Math.min(height, box.y + box.height); y += 1) {
    for (let x = box.x; x < Math.min(width, box.x + box.width); x += 1) bytes.set(colour, (y * width + x) * 3)
  }
}
