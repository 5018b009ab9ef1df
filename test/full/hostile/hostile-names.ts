/** Names as somebody may give them who wants a page to break, to mislead, or to run what stands in them. */
import { hostileLabels } from '../../browser/hostile-labels.ts'
import { hostileMarkup } from './hostile-markup.ts'
import {
  BIDI,
  BREAKS,
  COMMANDS,
  EMOJI,
  ENDINGS,
  ESCAPES,
  FORMULAS,
  HALVES,
  INNATE,
  MISLEADING_FILES,
  SLOTS,
  SPELLINGS,
  UNSEEN,
  WIDE,
  WORDS,
} from './name-parts.ts'
import type { Random } from './random.ts'

/** Of the label of an account, and of the name of a key. */
const LONGEST_LABEL = 200

type Draw = (random: Random) => string
type Some = readonly [string, ...string[]]

const join =
  (...parts: readonly Some[]): Draw =>
  (random) =>
    parts.map((each) => random.pick(each)).join('')

/** A word to tell it by, as there are not many of each alone. */
const beside =
  (some: Some): Draw =>
  (random) =>
    random.pick([
      random.pick(some),
      `${random.pick(some)} ${random.pick(WORDS)}`,
      `${random.pick(WORDS)} ${random.pick(some)} ${random.pick(some)}`,
      `${random.pick(some)}${random.pick(some)}`,
    ])

const within =
  (some: Some): Draw =>
  (random) => {
    const word = random.pick(WORDS)
    const at = random.below(word.length + 1)
    return (
      word.slice(0, at) + random.pick(some).repeat(1 + random.below(9)) + word.slice(at) + random.pick(some)
    )
  }

const drawStack: Draw = (random) =>
  Array.from({ length: 1 + random.below(6) }, () => {
    const marks = Array.from({ length: 1 + random.below(28) }, () => 0x300 + random.below(0x70))
    return `${random.pick(['a', 'Z', '字', 'ا', ' '])}${String.fromCodePoint(...marks)}`
  }).join('')

const drawLong: Draw = (random) =>
  random
    .pick(WIDE)
    .repeat(LONGEST_LABEL)
    .slice(0, LONGEST_LABEL - random.below(60))

/** What the operator's API has no place for. */
const drawUnfit: Draw = (random) =>
  random.pick([
    `${random.pick(WORDS)}\0${random.pick(WORDS)}`,
    `${random.pick(ESCAPES)}\0`,
    random.pick(WIDE).repeat(LONGEST_LABEL + 1 + random.below(2000)),
  ])

const kinds: readonly Draw[] = [
  ...hostileMarkup,
  join(WORDS, BIDI, WORDS, ENDINGS),
  join(BIDI, BIDI, WORDS, BIDI, WORDS, ENDINGS),
  join(WORDS, ['_\u202e', '\u202e'], MISLEADING_FILES, ENDINGS),
  within(UNSEEN),
  beside(UNSEEN),
  drawStack,
  (random) => random.pick(EMOJI).repeat(1 + random.below(18)),
  beside(EMOJI),
  within(HALVES),
  drawLong,
  within(BREAKS),
  beside(INNATE),
  join(['=', '+', '-', '@', '\t=', '\r=', '|', '%', "'="], FORMULAS),
  within(ESCAPES),
  beside(SLOTS),
  beside(COMMANDS),
  beside(SPELLINGS),
  drawUnfit,
]

/** So many, each of another kind than the one before, and no two alike. */
export function listHostileNames(random: Random, count: number): string[] {
  const names = new Set<string>(hostileLabels)
  while (names.size < count) {
    for (const draw of kinds) names.add(draw(random))
  }
  return [...names].slice(0, count)
}

/** Whether the API takes it for the label of an account; for a key it must not be empty either. */
export function isLabel(name: string): boolean {
  return name.length <= LONGEST_LABEL && !name.includes('\0')
}
