/** A summary that takes the place of a long conversation: asked of the model, and told to it later. */
import type { UserTurn } from '../../conversation/conversation.ts'
import type { Item } from './item-schema.ts'

const TASK = `Everything that was said so far is about to be taken out of sight, and a summary will stand in its place. Whoever goes on \
will know nothing but that summary, so write it now, for them.

Say:
- what the user asks for, with all wishes and limits that still hold;
- what has been done, and what came of it: files, commands, findings, errors;
- what has been decided, and why;
- where the work stands, what is still open, and what comes next.

Keep paths, names, numbers, identifiers and words that must stay exact as they are. Leave out what no longer matters. Answer with the \
summary alone, and call no tools.`

export function asksForCompaction(items: readonly Item[]): boolean {
  return items.at(-1)?.type === 'compaction_trigger'
}

/** Comes last: the beginning stays as it was, as prompts are cached by how they begin. */
export function createQuestionTurn(): UserTurn {
  return { role: 'user', parts: [{ kind: 'text', text: TASK }] }
}

export function createSummaryTurn(summary: string): UserTurn {
  const text = `Earlier parts of this conversation were taken out. This summary stands in their place:\n\n<summary>\n${summary}\n</summary>`
  return { role: 'user', parts: [{ kind: 'text', text }] }
}
