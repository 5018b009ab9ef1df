/**
 * Thinking that was asked for by tags comes as text in tags. An answer whose text begins with `<thinking>` gives a block of
 * thinking, then the text; any other passes as it is. However the text is cut, the blocks are the same and no character
 * is lost but those of the two tags and the blank line after them (protocol 4.6).
 */

import type { Citation } from '../../conversation/citation.ts'
import type { ReplyEvent } from '../../conversation/reply.ts'
import type { Emit, ReplyStage } from '../../conversation/stage.ts'

const OPENING_TAG = '<thinking>'
const CLOSING_TAG = '</thinking>'
/** Blanks before the tag; what has more of them is text. */
const MAX_LEADING_BLANKS = 64
/** Line ends of the blank line after the closing tag. */
const MAX_DROPPED_LINE_ENDS = 2
/** Marks around a tag that the model only speaks of, by the one before it. */
const MARKS_OF_MENTION: ReadonlyMap<string, string> = new Map([
  ['`', '`'],
  ['"', '"'],
  ["'", "'"],
  ['\u201c', '\u201d'],
  ['\u2018', '\u2019'],
  ['\u300c', '\u300d'],
])

/** What goes on in the midst of a sentence, behind a tag that stands in it like a word. */
const SENTENCE_GOES_ON = /^(?: \p{Ll}|[,;:.?!)])/u

/** `undecided`: text has begun, and may still turn out to be the opening tag. `behind`: after the closing tag. */
type Place = 'before' | 'undecided' | 'thinking' | 'behind' | 'text'

export function createThinkingTagReader(): ReplyStage {
  let place: Place = 'before'
  /** Text that was not emitted yet: what may be a tag, or a part of one. */
  let held = ''
  /** Last character of the thinking that was emitted. */
  let last = ''
  let isBlockOpen = false
  let droppedLineEnds = 0
  let hasRead = false

  function write(kind: 'text' | 'thinking', text: string, emit: Emit<ReplyEvent>): void {
    if (text === '') return
    if (!isBlockOpen) emit({ type: 'block-start', block: { kind } })
    isBlockOpen = true
    last = text.slice(-1)
    emit({ type: 'block-delta', text })
  }

  function closeBlock(emit: Emit<ReplyEvent>): void {
    if (isBlockOpen) emit({ type: 'block-end' })
    isBlockOpen = false
  }

  function takeHeld(length = held.length): string {
    const taken = held.slice(0, length)
    held = held.slice(length)
    return taken
  }

  function decide(emit: Emit<ReplyEvent>): void {
    const start = held.search(/\S/)
    const blanks = start < 0 ? held.length : start
    const said = held.slice(blanks, blanks + OPENING_TAG.length)
    if (blanks <= MAX_LEADING_BLANKS && said === OPENING_TAG) {
      takeHeld(blanks + OPENING_TAG.length)
      place = 'thinking'
      hasRead = true
      readThinking(emit)
    } else if (blanks > MAX_LEADING_BLANKS || !OPENING_TAG.startsWith(said)) {
      place = 'text'
      write('text', takeHeld(), emit)
    }
  }

  /** Leaves in `held` what needs the next character to be told from a tag that closes. */
  function readThinking(emit: Emit<ReplyEvent>): void {
    for (let at = held.indexOf(CLOSING_TAG); at >= 0; at = held.indexOf(CLOSING_TAG)) {
      write('thinking', takeHeld(at), emit)
      const mention = isMention(last, held.slice(CLOSING_TAG.length))
      if (mention === 'not-told-yet') return
      if (!mention) {
        takeHeld(CLOSING_TAG.length)
        beginAnswer(emit)
        return
      }
      write('thinking', takeHeld(CLOSING_TAG.length), emit)
    }
    write('thinking', takeHeld(held.length - partialTagLength(held)), emit)
  }

  function beginAnswer(emit: Emit<ReplyEvent>): void {
    closeBlock(emit)
    place = 'behind'
    readAnswer(emit)
  }

  function readAnswer(emit: Emit<ReplyEvent>): void {
    while (droppedLineEnds < MAX_DROPPED_LINE_ENDS && /^\r?\n/.test(held)) {
      takeHeld(held.indexOf('\n') + 1)
      droppedLineEnds += 1
    }
    if (held === '' || (held === '\r' && droppedLineEnds < MAX_DROPPED_LINE_ENDS)) return
    place = 'text'
    write('text', takeHeld(), emit)
  }

  function endText(citations: readonly Citation[], emit: Emit<ReplyEvent>): void {
    // Nothing comes that could make a word of it.
    if (place === 'thinking' && held.startsWith(CLOSING_TAG)) {
      takeHeld(CLOSING_TAG.length)
      beginAnswer(emit)
    }
    if (place === 'thinking') write('thinking', held, emit)
    else if (place === 'undecided' || place === 'behind') write('text', held, emit)
    held = ''
    if (isBlockOpen && place !== 'thinking' && citations.length > 0) {
      isBlockOpen = false
      emit({ type: 'block-end', citations: hasRead ? citations.map(withoutSpan) : [...citations] })
    }
    closeBlock(emit)
    place = 'text'
  }

  return {
    push(event, emit) {
      if (place === 'before' && event.type === 'block-start' && event.block.kind === 'text') {
        place = 'undecided'
        return
      }
      const isOurs = place === 'undecided' || place === 'thinking' || place === 'behind' || isBlockOpen
      if (!isOurs || (event.type !== 'block-delta' && event.type !== 'block-end')) {
        emit(event)
        return
      }
      if (event.type === 'block-end') {
        endText(event.citations ?? [], emit)
        return
      }
      held += event.text
      if (place === 'undecided') decide(emit)
      else if (place === 'thinking') readThinking(emit)
      else if (place === 'behind') readAnswer(emit)
      else write('text', takeHeld(), emit)
    },
    end() {},
  }
}

/** The service counts the tags and the thinking with the text. */
function withoutSpan(citation: Citation): Citation {
  if (citation.kind !== 'web-link') return citation
  const { span: _, ...rest } = citation
  return rest
}

/** Whether the model only speaks of the tag. In doubt it is meant: to miss a closing tag hides the whole answer. */
function isMention(before: string, behind: string): boolean | 'not-told-yet' {
  const mark = MARKS_OF_MENTION.get(before)
  if (mark !== undefined) return behind === '' ? 'not-told-yet' : behind.startsWith(mark)
  if (before !== ' ') return false
  return behind === '' || behind === ' ' ? 'not-told-yet' : SENTENCE_GOES_ON.test(behind)
}

/** How much of the text's end may be the beginning of a closing tag. */
function partialTagLength(text: string): number {
  for (let length = Math.min(text.length, CLOSING_TAG.length - 1); length > 0; length -= 1) {
    if (text.endsWith(CLOSING_TAG.slice(0, length))) return length
  }
  return 0
}
