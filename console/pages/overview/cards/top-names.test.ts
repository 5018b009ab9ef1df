import { expect, it } from 'vitest'
import { leadersOf, type Measure } from './top-names.ts'

const named = (name: string, requests: number, tokens: number, failures: number) => ({
  name,
  requests,
  failures,
  inputTokens: tokens,
  outputTokens: 1,
})
const all = [named('a', 9, 10, 0), named('b', 5, 500, 1), named('c', 1, 50, 3)]

it.each<[Measure, string[]]>([
  ['requests', ['a', 'b']],
  ['tokens', ['b', 'c']],
  ['errors', ['c', 'b']],
])('the leaders by %s', (by, names) => {
  expect(leadersOf(all, by, 2).map(({ name }) => name)).toEqual(names)
})

it('those without any errors do not lead by them', () => {
  expect(leadersOf(all, 'errors', 5)).toHaveLength(2)
})
