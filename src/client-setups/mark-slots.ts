/** While a text is written whose values come later, each string that holds one is marked; then the text is cut there. */
import { quote, quotings, type Piece, type Quoting } from './fill-template.ts'

/** No text of ours has these. */
const START = '\uE001'
const MIDDLE = '\uE002'
const END = '\uE003'
const SLOT = /\{\{(origin|key)\}\}/
const MARKED = /\uE001([\w-]+)\uE002([^\uE003]*)\uE003/g

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
  const pieces: Piece[] = []
  let from = 0
  for (const { 0: all, 1: name, 2: value = '', index } of text.matchAll(MARKED)) {
    pieces.push({ text: text.slice(from, index), quoting: null })
    pieces.push({ text: value, quoting: quotings.find((quoting) => quoting === name) ?? null })
    from = index + all.length
  }
  pieces.push({ text: text.slice(from), quoting: null })
  return pieces.filter((piece) => piece.text !== '')
}
