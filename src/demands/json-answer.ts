import type { ReplyEvent } from '../conversation/reply.ts'
import type { ReplyStage } from '../conversation/stage.ts'
import type { AnswerTool } from './answer-tool.ts'
import { createHeldBlocks, toTextBlock, type HeldBlock } from './held-blocks.ts'
import type { JsonCheck } from './json-check.ts'
import { findJsonTexts, readJsonText, type JsonText } from './json-text.ts'
import { demandUnmet, isExcused } from './unmet.ts'

interface JsonAnswerOptions {
  check: JsonCheck
  /** Present when the model was told to answer by it. */
  answerTool?: AnswerTool
  /** Names of the client's own tools. A call of one of them is an answer too. */
  callable: ReadonlySet<string>
}

type ReplyEnd = Extract<ReplyEvent, { type: 'reply-end' }>

/**
 * Makes a reply into one whose text is bare JSON that passes the check: the input of the answer tool, or JSON that the
 * model wrote as text. All is held until the reply ends. Calls of the client's tools pass with all that is said beside
 * them, and so does an answer that was cut short or refused. Throws `demand-unmet` for any other answer.
 */
export function createJsonAnswer(options: JsonAnswerOptions): ReplyStage {
  const held = createHeldBlocks()
  return {
    push(event, emit) {
      if (event.type === 'reply-start') return emit(event)
      if (event.type !== 'reply-end') return held.add(event)
      const { blocks, end } = chooseBlocks(held.all(), event, options)
      for (const block of blocks) for (const each of block.events) emit(each)
      emit(end)
    },
    end() {},
  }
}

/** What of the reply goes out. */
function chooseBlocks(
  blocks: readonly HeldBlock[],
  end: ReplyEnd,
  options: JsonAnswerOptions,
): { blocks: HeldBlock[]; end: ReplyEnd } {
  const isClientCall = ({ head }: HeldBlock) => head.kind === 'tool-use' && options.callable.has(head.name)
  if (blocks.some(isClientCall)) {
    return { blocks: blocks.filter((block) => !isCall(block) || isClientCall(block)), end }
  }
  const answer = findAnswer(blocks, options)
  if ('text' in answer) {
    // Notes of sources would stand beside the JSON, which is to be all there is.
    const { citations: _, ...rest } = end
    const stopReason = end.stopReason === 'tool-use' ? 'end-turn' : end.stopReason
    return { blocks: [...blocks.filter(isThought), toTextBlock(answer.text)], end: { ...rest, stopReason } }
  }
  if (isExcused(end.stopReason)) return { blocks: asProse(blocks, options), end }
  throw demandUnmet(`The model's answer is not the JSON that is demanded: ${answer.fault}`)
}

/** The first that passes, of what the model handed over by the tool and what it wrote as text; else what is wrong. */
function findAnswer(
  blocks: readonly HeldBlock[],
  { check, answerTool }: JsonAnswerOptions,
): { text: string } | { fault: string } {
  const handedOver = blocks.filter((block) => isAnswerCall(block, answerTool)).map(({ text }) => text)
  const said = blocks.filter(({ head }) => head.kind === 'text').map(({ text }) => text)
  const written = findJsonTexts(said.join(''))
  const found = [
    ...handedOver.map((input) => answerTool?.readAnswer(input)),
    ...written,
    ...written.map(({ text }) => answerTool?.readAnswer(text)),
  ].flatMap((answer) => [answer, unpack(answer)])
  let firstFault: string | undefined
  for (const answer of found) {
    if (answer === undefined) continue
    const fault = check(answer.value)
    if (fault === undefined) return { text: answer.text }
    firstFault ??= fault
  }
  return { fault: firstFault ?? 'it is no JSON.' }
}

/** Some models hand over the JSON text of an answer where the answer itself is wanted. */
function unpack(answer: JsonText | undefined): JsonText | undefined {
  return typeof answer?.value === 'string' ? readJsonText(answer.value) : undefined
}

/** What there is of an answer that could not be completed, an answer by the tool as the text that it was to become. */
function asProse(blocks: readonly HeldBlock[], { answerTool }: JsonAnswerOptions): HeldBlock[] {
  return blocks.flatMap((block) => {
    if (isAnswerCall(block, answerTool)) return [toTextBlock(block.text)]
    return isCall(block) ? [] : [block]
  })
}

function isThought({ head }: HeldBlock): boolean {
  return head.kind === 'thinking' || head.kind === 'redacted-thinking'
}

function isCall({ head }: HeldBlock): boolean {
  return head.kind === 'tool-use'
}

function isAnswerCall({ head }: HeldBlock, answerTool: AnswerTool | undefined): boolean {
  return head.kind === 'tool-use' && head.name === answerTool?.tool.name
}
