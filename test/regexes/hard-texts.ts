import { unreachable } from '../../src/conversation/unreachable.ts'
import type { Node } from './parse-regex.ts'

/** A short text that the node takes. */
function sampleOf(node: Node): string {
  switch (node.kind) {
    case 'one':
      return node.sample
    case 'sequence':
      return node.parts.map(sampleOf).join('')
    case 'choice':
      return node.options.map(sampleOf).find((text) => text !== '') ?? ''
    case 'repeat':
      return sampleOf(node.node).repeat(Math.max(node.least, Number(node.most > 0)))
    case 'look':
      return node.isNegative || !node.isBehind ? '' : sampleOf(node.node)
    case 'edge':
      return ''
    default:
      return unreachable(node)
  }
}

/** What may lead up to each repetition, and what it repeats. */
function findPumps(node: Node, before: string): { before: string; pump: string }[] {
  switch (node.kind) {
    case 'sequence': {
      let lead = before
      return node.parts.flatMap((part) => {
        const found = findPumps(part, lead)
        lead += sampleOf(part)
        return found
      })
    }
    case 'choice':
      return node.options.flatMap((option) => findPumps(option, before))
    case 'repeat': {
      const inner = findPumps(node.node, before)
      return node.most > 1 ? [{ before, pump: sampleOf(node.node) }, ...inner] : inner
    }
    case 'look':
      return findPumps(node.node, before)
    case 'one':
    case 'edge':
      return []
    default:
      return unreachable(node)
  }
}

const ENDS = ['', '\0', '\n', ' ', 'é', '!']

/** Texts near this length that make a backtracking machine work: repetitions that fail at their end, and beginnings without end. */
export function hardTexts(node: Node, length: number): Set<string> {
  const whole = sampleOf(node)
  const pumps = findPumps(node, '')
  const leads = pumps.flatMap(({ before, pump }) => [
    { before: '', pump: before },
    { before: '', pump: before + pump },
    { before, pump },
  ])
  const repeats = [...leads, { before: '', pump: whole }, { before: '', pump: whole.slice(0, -1) }]
  const mixed = pumps.flatMap(({ before, pump }, index) =>
    pumps.slice(index + 1).map((other) => ({ before, pump: pump + other.pump })),
  )
  const separated = repeats.flatMap(({ before, pump }) =>
    [' ', '-', '.'].map((between) => ({ before, pump: pump + between })),
  )
  const all = [...repeats, ...mixed, ...separated].filter(({ pump }) => pump !== '')
  return new Set(
    all.flatMap(({ before, pump }) =>
      ENDS.map((end) => before + pump.repeat(Math.ceil(length / pump.length)).slice(0, length) + end),
    ),
  )
}
