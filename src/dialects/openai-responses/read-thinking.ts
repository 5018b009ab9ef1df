import type { Effort, Thinking } from '../../conversation/conversation.ts'
import { effortOf } from '../effort.ts'
import type { FieldNotes } from '../field-notes.ts'
import type { PromptBody } from './schema.ts'

interface Wishes {
  thinking: Thinking
  effort?: Effort
}

/** A summary is how this API shows thinking, so whoever wants one wants to have it thought and shown. */
export function readThinking({ reasoning }: PromptBody, notes: FieldNotes): Wishes {
  const effort = reasoning?.effort ?? undefined
  const summary = reasoning?.summary ?? reasoning?.generate_summary ?? undefined
  if (effort === undefined && summary === undefined) return { thinking: { kind: 'default' } }
  notes.mayLose('thinking', 'reasoning')
  if (effort === 'none') return { thinking: { kind: 'off' } }
  const wishes = effortOf(effort)
  if (wishes.effort !== undefined) notes.mayLose('effort', 'reasoning.effort')
  return { thinking: { kind: 'adaptive', shown: summary !== undefined && summary !== 'none' }, ...wishes }
}
