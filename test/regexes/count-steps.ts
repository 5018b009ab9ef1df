/** How many steps a backtracking machine takes: the same on every machine, unlike its time. */
import { unreachable } from '../../src/conversation/unreachable.ts'
import type { Node } from './parse-regex.ts'

type Continue = (at: number) => number

const NO_MATCH = -1

/** Of a search through the whole text, as `replace` with the flag g makes it. Stops counting at `most`. */
export function countSteps(node: Node, text: string, most: number): number {
  const budget = { left: most }
  for (let at = 0; at <= text.length;) {
    const end = match(node, { text, at, budget }, (reached) => reached)
    if (budget.left <= 0) break
    at = end > at ? end : at + 1
  }
  return most - budget.left
}

interface Place {
  text: string
  at: number
  budget: { left: number }
}

/** Where the whole match ends, or -1. */
function match(node: Node, place: Place, next: Continue): number {
  const { text, at, budget } = place
  budget.left -= 1
  if (budget.left <= 0) return NO_MATCH
  switch (node.kind) {
    case 'one':
      return at < text.length && node.matches(text.charAt(at)) ? next(at + 1) : NO_MATCH
    case 'edge':
      return node.holds(text, at) ? next(at) : NO_MATCH
    case 'sequence':
      return matchParts(node.parts, 0, place, next)
    case 'choice':
      for (const option of node.options) {
        const end = match(option, place, next)
        if (end !== NO_MATCH) return end
      }
      return NO_MATCH
    case 'look':
      return looks(node, place) === node.isNegative ? NO_MATCH : next(at)
    case 'repeat':
      return repeat(node, 0, place, next)
    default:
      return unreachable(node)
  }
}

function matchParts(parts: readonly Node[], index: number, place: Place, next: Continue): number {
  const part = parts[index]
  if (part === undefined) return next(place.at)
  return match(part, place, (at) => matchParts(parts, index + 1, { ...place, at }, next))
}

type Repeat = Extract<Node, { kind: 'repeat' }>

function repeat(node: Repeat, done: number, place: Place, next: Continue): number {
  // One character again and again, without a frame for each.
  if (node.node.kind === 'one') return repeatOne(node, node.node, place, next)
  if (done < node.most) {
    const end = match(node.node, place, (at) =>
      at === place.at && done >= node.least ? NO_MATCH : repeat(node, done + 1, { ...place, at }, next),
    )
    if (end !== NO_MATCH) return end
  }
  return done >= node.least ? next(place.at) : NO_MATCH
}

function repeatOne(
  { least, most }: Repeat,
  one: Extract<Node, { kind: 'one' }>,
  { text, at, budget }: Place,
  next: Continue,
): number {
  let end = at
  while (end - at < most && end < text.length && one.matches(text.charAt(end))) end += 1
  budget.left -= end - at
  for (; end >= at + least && budget.left > 0; end -= 1) {
    budget.left -= 1
    const reached = next(end)
    if (reached !== NO_MATCH) return reached
  }
  return NO_MATCH
}

/** Backwards is tried from each place before, which is right for what is short. */
function looks({ node, isBehind }: Extract<Node, { kind: 'look' }>, place: Place): boolean {
  if (!isBehind) return match(node, place, (at) => at) !== NO_MATCH
  for (let from = place.at; from >= Math.max(0, place.at - 20); from -= 1) {
    const end = match(node, { ...place, at: from }, (at) => (at === place.at ? at : NO_MATCH))
    if (end !== NO_MATCH) return true
  }
  return false
}
