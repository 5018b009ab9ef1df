/** Works an arithmetic expression out, by its own rules: what a model writes is never run. Pure. */

const LONGEST = 1000
const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([-+*/^%()]))/y

/** Undefined: it is none. */
export function calculate(expression: string): number | undefined {
  const tokens = expression.length > LONGEST ? undefined : tokensOf(expression)
  if (tokens === undefined) return undefined
  let at = 0

  function sum(): number {
    let value = product()
    for (;;) {
      if (take('+')) value += product()
      else if (take('-')) value -= product()
      else return value
    }
  }
  function product(): number {
    let value = signed()
    for (;;) {
      if (take('*')) value *= signed()
      else if (take('/')) value /= signed()
      else if (take('%')) value %= signed()
      else return value
    }
  }
  function signed(): number {
    return take('-') ? -signed() : power()
  }
  function power(): number {
    const base = atom()
    return take('^') ? base ** signed() : base
  }
  function atom(): number {
    if (take('(')) {
      const value = sum()
      return take(')') ? value : Number.NaN
    }
    const number = Number(tokens?.[at] ?? Number.NaN)
    at += 1
    return number
  }
  function take(sign: string): boolean {
    if (tokens?.[at] !== sign) return false
    at += 1
    return true
  }

  const value = sum()
  return at === tokens.length && Number.isFinite(value) ? value : undefined
}

function tokensOf(expression: string): string[] | undefined {
  const text = expression.trim()
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text)
    if (found === null) return undefined
    tokens.push(found[1] ?? found[2] ?? '')
  }
  return tokens
}
