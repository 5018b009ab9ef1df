import { encode } from 'uqr'
import { expect, it } from 'vitest'
import { drawQr } from './draw-qr.ts'

/** The squares that the path covers, as rows of booleans. */
function fill({ size, path }: { size: number; path: string }): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(width))
  }
  return rows
}

it.each(['A', 'https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH', 'x'.repeat(500)])(
  'draws every square of the code and no other: %s',
  (text) => {
    expect(fill(drawQr(text))).toEqual(encode(text, { ecc: 'M', border: 4 }).data)
  },
)
