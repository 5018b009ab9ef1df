import type { Reply } from '../../conversation/reply.ts'
import { writeSources } from '../write-sources.ts'

/** What is said behind all else of an answer, each in a message of its own. */
export interface LastWords {
  kind: 'text' | 'refusal'
  text: string
}

/** Codex drops a message that has a refusal in it, so it is told one in plain text, and that there was one in any case. */
export function describeEnd(
  { stopReason, refusal, citations = [] }: Pick<Reply, 'stopReason' | 'refusal' | 'citations'>,
  isCodex: boolean,
): LastWords[] {
  const words: LastWords[] = []
  if (citations.length > 0) words.push({ kind: 'text', text: writeSources(citations) })
  if (stopReason !== 'refusal') return words
  const explanation = refusal?.explanation ?? (isCodex ? 'The model declined to answer.' : undefined)
  if (explanation !== undefined) words.push({ kind: isCodex ? 'text' : 'refusal', text: explanation })
  return words
}
