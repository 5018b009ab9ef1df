import type { Effort } from '../conversation/conversation.ts'

const efforts: Readonly<Record<string, Effort>> = {
  // OpenAI's name for less than low, which the model service does not know.
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
}

/** An effort that is not known leaves the choice to the model service. */
export function effortOf(name: string | null | undefined): { effort?: Effort } {
  const effort = Object.hasOwn(efforts, name ?? '') ? efforts[name ?? ''] : undefined
  return effort === undefined ? {} : { effort }
}
