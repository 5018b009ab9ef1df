import type { Usage, UsageSource } from '../conversation/reply.ts'

/** From the surest on. */
const SOURCES: readonly UsageSource[] = ['upstream', 'context-percent', 'estimated']

/** Of rounds that make one answer: each has read the conversation anew. The sum is as sure as its weakest part. */
export function sumUsage(usages: readonly Usage[]): Usage {
  const sum = (count: (usage: Usage) => number) => usages.reduce((total, usage) => total + count(usage), 0)
  const hasPrice = usages.some(({ credits }) => credits !== undefined)
  return {
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    cacheReadTokens: sum(({ cacheReadTokens }) => cacheReadTokens),
    cacheWriteTokens: sum(({ cacheWriteTokens }) => cacheWriteTokens),
    ...(hasPrice && { credits: sum(({ credits = 0 }) => credits) }),
    source: SOURCES.findLast((each) => usages.some(({ source }) => source === each)) ?? 'estimated',
  }
}
