/** While a text is written whose values come later, each string that holds one is marked; then the text is cut there. */
import { quote, quotings, type Piece, type Quoting } from './fill-template.ts'

/** No text of ours has these. */
const START = '\uE001'
const MIDDLE = '\uE002'
const END = '\uE003'
const SLOT = /\{\{(origin|key)\}\}/

/** As the language writes it; a value with slots becomes a mark. Throws CannotQuote. */
export function put(quoting: Quoting, value: string): string {
  return SLOT.test(value) ? START + quoting + MIDDLE + value + END : quote(quoting, value)
}

/** Marks the strings of a text that are written as those of JSON are. */
export function markStrings(quoting: Quoting, text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (written) => {
    if (!SLOT.test(written)) return written
    const value: string = JSON.parse(written)
    return put(quoting, value)
  })
}

export function cutAtMarks(text: string): Piece[] {
  const [first = '', ...others] = text.split(START)
  const pieces: Piece[] = [{ text: first, quoting: null }]
  for (const other of others) {
    const [mark = '', rest = ''] = other.split(END)
    const [name, value = ''] = mark.split(MIDDLE)
    pieces.push({ text: value, quoting: quotings.find((quoting) => quoting === name) ?? null })
    pieces.push({ text: rest, quoting: null })
  }
  return pieces.filter((piece) => piece.text !== '')
}
