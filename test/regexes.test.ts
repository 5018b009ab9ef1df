/** No regular expression of ours takes more than its share of time, whatever text it is given. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { secretForms } from '../src/access/redact-secrets.ts'
import { countSteps } from './regexes/count-steps.ts'
import { findRegexes, type FoundRegex } from './regexes/find-regexes.ts'
import { hardTexts } from './regexes/hard-texts.ts'
import { parseRegex } from './regexes/parse-regex.ts'

const root = join(import.meta.dirname, '..')
const LENGTH = 300
const MOST_STEPS = 1_000_000
/** Twice the text, twice the steps; four times as many would be a square. */
const MOST_GROWTH = 2.6
/** 10 ms of a machine that does a thousand million of them a second. */
const STEPS_IN_TIME = 10_000_000

/** Those whose steps grow with the square of the text, and how long a text they ever see. */
const BOUNDED: Record<string, { most: number; of: string }> = {
  '/%.*$/': { most: 200, of: 'an address, as a socket or isIP has it' },
  '/=+$/': { most: 100, of: 'a hash of our own in base64' },
  '/[\\d!@#$%]+$/': { most: 1000, of: "the operator's own password" },
  '/^\\d+|[\\d!@#$%]+$/g': { most: 1000, of: "the operator's own password" },
  '/\\/+$/': { most: 2048, of: 'the path of a URL that the operator typed' },
  '/(?<=user id )\\([^)]*\\)/gi': { most: 2400, of: "the service's words, cut before" },
}

/** Files that make one at run time, of numbers, of words in a list, or of others that are checked here. */
const MADE_OF_OUR_WORDS: ReadonlySet<string> = new Set([
  'src/access/master-key-file.ts',
  'src/access/origin-of-request.ts',
  'src/access/redact-secrets.ts',
  'src/program/create-logger.ts',
])

function growthOf({ source, flags }: FoundRegex): { growth: number; steps: number; text: string } {
  const node = parseRegex(source, flags)
  let worst = { growth: 0, steps: 0, text: '' }
  const longer = [...hardTexts(node, 2 * LENGTH)]
  for (const [index, text] of [...hardTexts(node, LENGTH)].entries()) {
    const twice = longer[index] ?? ''
    const steps = countSteps(node, text, MOST_STEPS)
    const stepsTwice = countSteps(node, twice, MOST_STEPS)
    const growth = stepsTwice / steps / (twice.length / text.length)
    const found = stepsTwice >= MOST_STEPS - 1 ? Number.POSITIVE_INFINITY : growth * 2
    if (stepsTwice > 20 * LENGTH && found > worst.growth) {
      worst = { growth: found, steps: stepsTwice, text: text.slice(0, 60) }
    }
    // Nothing can be worse than not to end.
    if (worst.growth === Number.POSITIVE_INFINITY) break
  }
  return worst
}

describe('S50: regular expressions', () => {
  const made = secretForms.map(({ source, flags }) => ({
    source,
    flags,
    file: 'src/access/redact-secrets.ts',
  }))
  const found = new Map(
    [...findRegexes(root), ...made].map((regex) => [`/${regex.source}/${regex.flags}`, regex]),
  )

  it('are all found', () => {
    expect(found.size).toBeGreaterThan(100)
  })

  it.each([...found])('%s takes no more than twice the steps for twice the text', (name, regex) => {
    const { growth, steps, text } = growthOf(regex)
    const bounded = BOUNDED[name]
    const stepsAtMost = bounded === undefined ? 0 : steps * (bounded.most / (2 * LENGTH)) ** 2
    const isFine = growth <= MOST_GROWTH || (bounded !== undefined && stepsAtMost < STEPS_IN_TIME)
    expect({ file: regex.file, text, growth, isFine }).toMatchObject({ isFine: true })
  })
})

describe('the counting of steps', () => {
  it.each<[string, string, boolean]>([
    ['(a+)+$', '', false],
    ['(?:a|a)*b', '', false],
    ['\\s+$', 'g', false],
    ['a.*b.*c', 'g', false],
    ['^bearer +(.*\\S)\\s*$', 'i', false],
    ['<(?:[^>]*)>', 'g', false],
    ['^\\s*[{]', '', true],
    ['^a+$', '', true],
    ['[^a-z]+', 'g', true],
    ['(?<![\\w-])[\\w-]{40,}', 'g', true],
  ])('tells of /%s/%s whether it is safe: %j', (source, flags, isSafe) => {
    expect(growthOf({ source, flags, file: '' }).growth <= MOST_GROWTH).toBe(isSafe)
  })

  it('is about all of them: none is made of text at run time but from words of our own', () => {
    const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/\.(test|suite)\.ts$/.test(file))
    const making = files.filter((file) =>
      /\bnew RegExp\(|\bRegExp\(/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(making.filter((file) => !MADE_OF_OUR_WORDS.has(file))).toEqual([])
  })
})
