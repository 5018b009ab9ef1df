/** Which time the charts are of: in the address, so that a link shows the same. */
import { computed } from '@preact/signals'
import { changeQuery, route } from '../../../state/route.ts'

export const ranges = ['15m', '1h', '24h', '7d', '30d'] as const
export type Range = (typeof ranges)[number]

const USUAL: Range = '1h'

function readRange(query: URLSearchParams): Range {
  return ranges.find((range) => range === query.get('range')) ?? USUAL
}

export const chosenRange = computed(() => readRange(route.value.query))

export function chooseRange(range: Range): void {
  changeQuery({ range: range === USUAL ? undefined : range })
}
