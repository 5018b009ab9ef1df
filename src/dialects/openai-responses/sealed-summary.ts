import * as z from 'zod'
import { openContent, sealContent } from './sealed-content.ts'

const sealedSummary = z.object({ kind: z.literal('summary'), text: z.string() })

/** What a compaction item carries as `encrypted_content`: the summary that stands for a conversation. */
export function sealSummary(text: string): string {
  return sealContent({ kind: 'summary', text })
}

/** Undefined for a summary that is not ours, and for one that has been damaged since. */
export function openSummary(sealed: string): string | undefined {
  return sealedSummary.safeParse(openContent(sealed)).data?.text
}
