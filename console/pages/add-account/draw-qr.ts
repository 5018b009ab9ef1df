/** A QR code as the path of an SVG: it is drawn here, so the link in it goes nowhere. */
import { encode } from 'uqr'

/** Squares of quiet around it; less and some phones do not find it. */
const BORDER = 4

/** `path` has its unit in one square of the code, `size` of which are its width and height. */
export function drawQr(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER })
  let path = ''
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      const from = x
      while (row[x] === true) x += 1
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`
    }
  })
  return { size, path }
}
