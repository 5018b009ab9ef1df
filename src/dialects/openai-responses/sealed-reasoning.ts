import * as z from 'zod'
import type { RedactedThinkingPart, ThinkingPart } from '../../conversation/conversation.ts'
import { openContent, sealContent } from './sealed-content.ts'

type Reasoning = ThinkingPart | RedactedThinkingPart

/** The text is the one that was signed, whatever becomes of the summary that the client was shown. */
const sealedReasoning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('thinking'), text: z.string(), signature: z.string().min(1).optional() }),
  z.object({ kind: z.literal('redacted-thinking'), data: z.string() }),
])

/** What a reasoning item carries as `encrypted_content`, so that the model can go on from its own thinking. */
export function sealReasoning(reasoning: Reasoning): string {
  return sealContent({ ...reasoning })
}

/** Undefined for reasoning that is not ours, and for what has been damaged since. */
export function openReasoning(sealed: string): Reasoning | undefined {
  const read = sealedReasoning.safeParse(openContent(sealed)).data
  if (read?.kind !== 'thinking') return read
  const { text, signature } = read
  return { kind: 'thinking', text, ...(signature !== undefined && { signature }) }
}
