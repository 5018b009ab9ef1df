import type { JsonObject, ToolUsePart } from '../../conversation/conversation.ts'
import type { Reply, ReplyPart } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { AnswerHead } from './answer-wishes.ts'
import { readCustomInput } from './custom-input.ts'
import type { ItemPlace } from './output-item.ts'
import { describeEnd } from './reply-end.ts'
import { writeCompaction } from './write-compaction.ts'
import { writeCustomCall } from './write-custom-call.ts'
import { writeFunctionCall } from './write-function-call.ts'
import { writeMessage } from './write-message.ts'
import { writeReasoning } from './write-reasoning.ts'
import { writeRefusal } from './write-refusal.ts'
import { endingOf, writeCompactionDocument, writeResponse } from './write-response.ts'
import { writeSpecialCall } from './write-special-call.ts'
import { writeWebSearch } from './write-web-search.ts'

/** The whole answer of a request that did not ask for a stream. */
export function writeReply(reply: Reply, head: AnswerHead): JsonObject {
  const { usage } = reply
  const output = head.compaction === undefined ? writeOutput(reply, head) : [writeSummary(reply, head)]
  if (head.compaction === 'document') return writeCompactionDocument(head, { output, usage })
  return { ...writeResponse(head, { ...endingOf(reply.stopReason, head), output, usage }), ...head.echo }
}

function writeSummary({ parts }: Reply, { id }: AnswerHead): JsonObject {
  const texts = parts.map((part) => (part.kind === 'text' ? part.text : ''))
  return writeCompaction({ answerId: id, outputIndex: 0 }, texts.join(''))
}

function writeOutput(reply: Reply, head: AnswerHead): JsonObject[] {
  const output: JsonObject[] = []
  let textStart = 0
  const nextPlace = () => ({ answerId: head.id, outputIndex: output.length })
  for (const part of reply.parts) {
    output.push(writePart(part, head, { place: nextPlace(), textStart }))
    if (part.kind === 'text') textStart += part.text.length
  }
  for (const { kind, text } of describeEnd(reply, head.isCodex)) {
    const place = nextPlace()
    output.push(kind === 'text' ? writeMessage(place, { text, textStart }) : writeRefusal(place, text))
  }
  return output
}

function writePart(
  part: ReplyPart,
  head: AnswerHead,
  { place, textStart }: { place: ItemPlace; textStart: number },
): JsonObject {
  switch (part.kind) {
    case 'text':
      return writeMessage(place, { text: part.text, citations: part.citations, textStart })
    case 'thinking':
    case 'redacted-thinking':
      return writeReasoning(place, part, head.sealedReasoning)
    case 'tool-use':
      return writeCall(part, head, place)
    case 'web-search':
      return writeWebSearch(place, part)
    default:
      return unreachable(part)
  }
}

function writeCall(part: ToolUsePart, { tools }: AnswerHead, place: ItemPlace): JsonObject {
  const { id, name, input, inputText = JSON.stringify(input) } = part
  const tool = tools.get(name) ?? { kind: 'function', name }
  switch (tool.kind) {
    case 'function':
      return writeFunctionCall(place, { id, tool }, inputText)
    case 'web-search':
      return writeFunctionCall(place, { id, tool: { kind: 'function', name } }, inputText)
    case 'custom':
      return writeCustomCall(place, { id, tool }, readCustomInput(inputText))
    case 'local-shell':
    case 'shell':
    case 'apply-patch':
      return writeSpecialCall(place, { id, tool }, { input })
    default:
      return unreachable(tool)
  }
}
