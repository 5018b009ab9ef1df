/** Keeps the notes of a call while its answer passes: nothing of its content. */

import type { Call } from '../calls/call.ts'
import type { ReplySink } from '../relay/pump.ts'
import { countEvent, createOutputMeter } from '../relay/stages/output-meter.ts'

interface NotedSink {
  sink: ReplySink
  noteRemedy: () => void
  /** The answer has failed: what of it had left counts all the same. */
  noteBreak: () => void
}

/** Passes an answer on to `sink`, and keeps the notes of it. */
export function noteAnswer(sink: ReplySink, notes: Call, inputTokens: number): NotedSink {
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
