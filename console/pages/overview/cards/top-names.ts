/** Which models and keys lead, by the measure that was chosen. */
import { ask } from '../../../api/client.ts'
import type { TopTraffic } from '../../../api/types.ts'
import { createResource } from '../../../state/resource.ts'
import { chosenRange, type Range } from '../traffic/range.ts'

export const topTraffic = createResource<{ range: Range; top: TopTraffic }>(async (signal) => {
  const range = chosenRange.peek()
  return { range, top: await ask<TopTraffic>(`/v2/traffic/top?range=${range}`, { signal }) }
})

export const measures = ['requests', 'tokens', 'errors'] as const
export type Measure = (typeof measures)[number]

export interface TopCounts {
  requests: number
  failures: number
  inputTokens: number
  outputTokens: number
}

function measureOf({ requests, failures, inputTokens, outputTokens }: TopCounts, by: Measure): number {
  return { requests, tokens: inputTokens + outputTokens, errors: failures }[by]
}

/** The first of them; those that have nothing of it are left out. */
export function leadersOf<T extends TopCounts>(all: readonly T[], by: Measure, most: number): T[] {
  return all
    .filter((each) => measureOf(each, by) > 0)
    .toSorted((a, b) => measureOf(b, by) - measureOf(a, by))
    .slice(0, most)
}
