/** JSON whose end is missing, read as far as it goes. Pure. */
import type { JsonValue } from '../conversation/conversation.ts'
import { parseJson } from '../conversation/parse-json.ts'

/** Undefined: it was no JSON before it was cut either. A text is kept up to where it was cut, and what is named last goes without a value. */
export function closeJson(text: string): JsonValue | undefined {
  const whole = parseJson(text)
  if (whole !== undefined) return whole
  const { inText, end, closers, lastWhole } = scan(text)
  const cutWithin = inText ? parseJson(`${text.slice(0, end)}"${closers}`) : undefined
  return cutWithin ?? parseJson(lastWhole)
}

interface Scanned {
  /** It was cut within a text, which may be a name. */
  inText: boolean
  /** Without an escape that was cut. */
  end: number
  /** Of what is open at its end. */
  closers: string
  /** All before the last member, closed. */
  lastWhole: string
}

function scan(text: string): Scanned {
  const open: string[] = []
  let inText = false
  let whole = { end: 0, closers: '' }
  const closersNow = () => open.toReversed().join('')
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (inText && character === '\\') {
      const escape = text[index + 1] === 'u' ? 'u0000'.length : 1
      if (index + escape >= text.length) return finish(index)
      index += escape
    } else if (character === '"') inText = !inText
    else if (inText) continue
    else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']')
      whole = { end: index + 1, closers: closersNow() }
    } else if (character === '}' || character === ']') {
      open.pop()
      whole = { end: index + 1, closers: closersNow() }
    } else if (character === ',') whole = { end: index, closers: closersNow() }
  }
  return finish(text.length)

  function finish(end: number): Scanned {
    return { inText, end, closers: closersNow(), lastWhole: text.slice(0, whole.end) + whole.closers }
  }
}
