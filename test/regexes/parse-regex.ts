/** The syntax of the regular expressions that the sources use; throws for what it does not know, so that nothing is skipped. */

export type Node =
  | { kind: 'one'; matches: (character: string) => boolean; sample: string }
  | { kind: 'sequence'; parts: readonly Node[] }
  | { kind: 'choice'; options: readonly Node[] }
  | { kind: 'repeat'; node: Node; least: number; most: number }
  | { kind: 'look'; node: Node; isBehind: boolean; isNegative: boolean }
  | { kind: 'edge'; holds: (text: string, at: number) => boolean }

const ASSERTIONS: Record<string, { isBehind: boolean; isNegative: boolean }> = {
  '(?=': { isBehind: false, isNegative: false },
  '(?!': { isBehind: false, isNegative: true },
  '(?<=': { isBehind: true, isNegative: false },
  '(?<!': { isBehind: true, isNegative: true },
}
const PROBES = Array.from({ length: 128 }, (_, code) => String.fromCodePoint(code)).concat(
  'é',
  '你',
  '\u0301',
)

const isWord = (text: string, at: number) => /\w/.test(text.charAt(at))

export function parseRegex(source: string, flags: string): Node {
  let at = 0
  const rest = () => source.slice(at)
  const take = (pattern: RegExp) => {
    const found = new RegExp(`^(?:${pattern.source})`).exec(rest())?.[0]
    at += found?.length ?? 0
    return found
  }

  function choice(): Node {
    const options = [sequence()]
    while (take(/\|/) !== undefined) options.push(sequence())
    const [only] = options
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options }
  }

  function sequence(): Node {
    const parts: Node[] = []
    while (at < source.length && !'|)'.includes(source.charAt(at))) parts.push(repeated())
    return { kind: 'sequence', parts }
  }

  function repeated(): Node {
    const node = atom()
    const quantifier = take(/[*+?]|\{\d+(?:,\d*)?\}/)
    if (quantifier === undefined) return node
    take(/\?/)
    const [least, most] = rangeOf(quantifier)
    return { kind: 'repeat', node, least, most }
  }

  function atom(): Node {
    const opening = take(/\(\?(?:[:=!]|<[=!]|<\w+>)|\(/)
    if (opening !== undefined) {
      const node = choice()
      if (take(/\)/) === undefined) throw new SyntaxError(`No end of a group in ${source}`)
      const assertion = ASSERTIONS[opening]
      return assertion === undefined ? node : { kind: 'look', node, ...assertion }
    }
    const edge = take(/\^|\$|\\[bB]/)
    if (edge !== undefined) return { kind: 'edge', holds: holdsAt(edge) }
    const one = take(
      /\[(?:\\.|[^\]\\])*\]|\\u\{[\da-f]+\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\[pP]\{\w+\}|\\[^1-9]|[^()[\]{}*+?|\\^$]|\]|\}/i,
    )
    if (one === undefined) throw new SyntaxError(`Not understood: ${rest()} in ${source}`)
    return oneOf(one)
  }

  function oneOf(text: string): Node {
    const test = new RegExp(`^${text}$`, flags.replaceAll(/[^isu]/g, ''))
    const own = /^[^\\[.]$/.test(text) ? [text] : []
    const sample = [...own, 'a', '1', ' ', ...PROBES].find((each) => test.test(each)) ?? 'a'
    return { kind: 'one', matches: (character) => test.test(character), sample }
  }

  const node = choice()
  if (at < source.length) throw new SyntaxError(`Not understood: ${rest()} in ${source}`)
  return node
}

function rangeOf(quantifier: string): [number, number] {
  const most = Number.POSITIVE_INFINITY
  if (quantifier === '*') return [0, most]
  if (quantifier === '+') return [1, most]
  if (quantifier === '?') return [0, 1]
  const [least = '0', end] = quantifier.slice(1, -1).split(',')
  if (end === undefined) return [Number(least), Number(least)]
  return [Number(least), end === '' ? most : Number(end)]
}

function holdsAt(edge: string): (text: string, at: number) => boolean {
  switch (edge) {
    case '^':
      return (_, at) => at === 0
    case '$':
      return (text, at) => at === text.length
    case String.raw`\b`:
      return (text, at) => isWord(text, at - 1) !== isWord(text, at)
    default:
      return (text, at) => isWord(text, at - 1) === isWord(text, at)
  }
}
