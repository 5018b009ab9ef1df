/** The file of how each look of the console looked: what drew it, and one line for each, sorted by name. */
import type { Look } from './compare-looks.ts'
import { readSignature, writeSignature } from './signature.ts'

export interface LookBook {
  /** What drew them: the browser and its fonts, in one line. Elsewhere they cannot be compared. */
  drawnBy: string
  looks: Map<string, Look>
}

const HEADING =
  '# How the console looks. Written by node test/full/console.ts --write; each line: name, lengths, picture.'

export function writeLookBook({ drawnBy, looks }: LookBook): string {
  const lines = Array.from(looks, ([name, { lengths, signature }]) =>
    [name, lengths.join('+'), writeSignature(signature)].join('\t'),
  )
  return `${[HEADING, drawnBy, ...lines.toSorted(byText)].join('\n')}\n`
}

export function readLookBook(text: string): LookBook {
  const [, drawnBy = '', ...lines] = text.trimEnd().split('\n')
  return { drawnBy, looks: new Map(lines.map(readLine)) }
}

function readLine(line: string): [string, Look] {
  const [name = '', lengths = '', signature = ''] = line.split('\t')
  const [page = Number.NaN, open = Number.NaN] = lengths.split('+').map(Number)
  if (Number.isNaN(page + open)) throw new TypeError(`No line of a look: ${line.slice(0, 60)}`)
  return [name, { lengths: [page, open], signature: readSignature(signature) }]
}

/** The same on every machine. */
function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
