/** What the log tells of a chat, beside what it tells of every request: nothing of its content. */

import type { StopReason, Usage } from '../conversation/reply.ts'
import type { ReplySink } from '../relay/pump.ts'
import { countEvent, createOutputMeter } from '../relay/stages/output-meter.ts'

export interface CallNotes {
  dialect: string
  model: string
  stream: boolean
  /** How many remedies were begun; each has a line of its own. */
  remedies?: number
  /** As in `x-aqueduct-repaired`, whether or not the answer could still tell it there. */
  repairs?: readonly string[]
  /** How many things of the conversation did not reach the model. */
  losses?: number
  stopReason?: StopReason
  /**
   * With its source. Of an answer that broke off: our estimate of what the client got. Where the client left, only the line
   * of the failure has it: that of the request is written when the connection closes, before anybody knows.
   */
  usage?: Usage
}

interface NotedSink {
  sink: ReplySink
  noteRemedy: () => void
  /** The answer has failed: what of it had left counts all the same. */
  noteBreak: () => void
}

/** Passes an answer on to `sink`, and keeps the notes of it. */
export function noteAnswer(sink: ReplySink, notes: CallNotes, inputTokens: number): NotedSink {
  const meter = createOutputMeter()
  return {
    sink: {
      ...sink,
      describe(facts) {
        if (facts.repairs.length > 0) notes.repairs = facts.repairs
        if (facts.losses.length > 0) notes.losses = facts.losses.length
        sink.describe(facts)
      },
      push(event) {
        countEvent(meter, event)
        if (event.type === 'reply-end') {
          notes.stopReason = event.stopReason
          notes.usage = event.usage
        }
        sink.push(event)
      },
    },
    noteRemedy() {
      notes.remedies = (notes.remedies ?? 0) + 1
    },
    noteBreak() {
      if (notes.usage === undefined && meter.tokens() > 0) notes.usage = meter.usage(inputTokens)
    },
  }
}
