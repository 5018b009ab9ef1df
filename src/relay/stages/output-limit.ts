import type { BlockHead, ReplyEvent } from '../../conversation/reply.ts'
import type { Emit, ReplyStage } from '../../conversation/stage.ts'
import { countEvent, createOutputMeter, type OutputMeter } from './output-meter.ts'

interface OutputLimitOptions {
  maxOutputTokens: number
  /** For the usage of a reply that is cut here. */
  inputTokens: number
}

/**
 * Ends a reply with `max-tokens` when our estimate of its length reaches the limit and there is more to come. Text,
 * thinking and tool input count alike, so this stage belongs before those that take thinking out.
 * Text and thinking are cut at the limit, between two characters. A tool call is never cut, although the real services
 * do that: half a JSON object is of no use, and agents that get one ask for the same again. One that began before the
 * limit passes whole, and the reply ends after it; it ends before one that begins later. A reply that ends there by itself
 * keeps its own end: nothing of it was lost.
 * Measured: 0.25 µs of processor time a delta of 20 characters.
 */
export function createOutputLimit({ maxOutputTokens, inputTokens }: OutputLimitOptions): ReplyStage {
  const meter = createOutputMeter()
  let kind: BlockHead['kind'] | undefined
  /** A block starts with what it says, so that none is left empty by a cut. */
  let unstarted: ReplyEvent | undefined
  let done = false

  function start(emit: Emit<ReplyEvent>): void {
    if (unstarted !== undefined) emit(unstarted)
    unstarted = undefined
  }

  function finish(emit: Emit<ReplyEvent>): void {
    done = true
    emit({ type: 'reply-end', stopReason: 'max-tokens', usage: meter.usage(inputTokens) })
  }

  function cut(text: string, emit: Emit<ReplyEvent>): void {
    const kept = cutToFit(text, meter, maxOutputTokens)
    if (kept !== '') {
      start(emit)
      emit({ type: 'block-delta', text: kept })
    }
    if (unstarted === undefined) emit({ type: 'block-end' })
    finish(emit)
  }

  return {
    isDone: () => done,
    push(event, emit) {
      if (event.type === 'block-start') {
        kind = event.block.kind
        if (!meter.fits('x', maxOutputTokens)) finish(emit)
        else if (kind === 'tool-use') emit(event)
        else unstarted = event
      } else if (
        event.type === 'block-delta' &&
        kind !== 'tool-use' &&
        !meter.fits(event.text, maxOutputTokens)
      ) {
        cut(event.text, emit)
      } else if (unstarted === undefined || !isEmptyDelta(event)) {
        start(emit)
        countEvent(meter, event)
        emit(event)
      }
    },
    end() {},
  }
}

function isEmptyDelta(event: ReplyEvent): boolean {
  return event.type === 'block-delta' && event.text === ''
}

/** As many whole characters as fit, counted. The second half of a character whose first has passed goes with it. */
function cutToFit(text: string, meter: OutputMeter, maxTokens: number): string {
  let kept = 0
  for (const character of text) {
    if (!meter.fits(character, maxTokens)) break
    meter.count(character)
    kept += character.length
  }
  return text.slice(0, kept)
}
