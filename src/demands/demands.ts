/** What a client demands of an answer and the model service knows no word for: tool choices and JSON. */

import type { Conversation, JsonObject, JsonValue, Tool } from '../conversation/conversation.ts'
import { GatewayError, type Failure } from '../conversation/failures.ts'
import type { ReplyStage } from '../conversation/stage.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { addNote } from './add-note.ts'
import { createAnswerTool } from './answer-tool.ts'
import { createCallFilter } from './call-filter.ts'
import { createJsonAnswer } from './json-answer.ts'
import { createJsonCheck, type JsonCheck } from './json-check.ts'

const MAX_SHOWN_NAME = 100

export interface DemandPlan {
  /** The conversation as the model gets it: the tools that it may call, and a note of what is demanded. */
  conversation: Conversation
  /** When output may leave at the earliest, so that an answer that does not do can be thrown away. */
  gate?: 'first-tool-or-end' | 'whole-reply'
  /** Fresh for one attempt. They throw `demand-unmet` at the end of an answer that does not do. */
  createStages(): ReplyStage[]
  /** The conversation for the second and last try, with a note of what was wrong with the first. */
  remind(failure: Failure): Conversation
}

/**
 * Throws `invalid-request` for a tool choice that cannot be met and a schema that cannot be used. Where a call is
 * demanded, the call is the answer, so a response format says nothing then.
 */
export function planDemands(conversation: Conversation): DemandPlan {
  const { toolChoice, tools } = conversation
  switch (toolChoice.kind) {
    case 'any':
      return demandCall(conversation, tools)
    case 'one':
      return demandCall(
        conversation,
        tools.filter(({ name }) => name === toolChoice.name),
      )
    case 'none':
      return (
        demandFormat({ ...conversation, tools: [], toolChoice: { kind: 'auto' } }) ??
        forbidCalls(conversation)
      )
    case 'auto':
      return demandFormat(conversation) ?? makePlan({ conversation, createStages: () => [] })
    default:
      return unreachable(toolChoice)
  }
}

function makePlan(plan: Omit<DemandPlan, 'remind'>): DemandPlan {
  return {
    ...plan,
    remind: ({ message }) =>
      addNote(
        plan.conversation,
        `An earlier answer was not accepted. ${message} Answer again, as demanded above.`,
      ),
  }
}

/** `tools`: of which one is to be called. Others are not offered. */
function demandCall(conversation: Conversation, tools: Tool[]): DemandPlan {
  const [first] = tools
  if (first === undefined) throw refuseToolChoice(conversation)
  const which = conversation.toolChoice.kind === 'one' ? `the tool "${first.name}"` : 'one of your tools'
  const options = { callable: namesOf(tools), isCallDemanded: true }
  return makePlan({
    conversation: addNote(
      { ...conversation, tools, toolChoice: { kind: 'auto' } },
      `Answer with a call of ${which}. The call is required now; text alone is not accepted.`,
    ),
    gate: 'first-tool-or-end',
    createStages: () => [createCallFilter(options)],
  })
}

function refuseToolChoice({ toolChoice, demandedAt }: Conversation): GatewayError {
  const field = demandedAt?.toolChoice ?? 'tool_choice'
  const reason =
    toolChoice.kind === 'one'
      ? `names the tool "${toolChoice.name.slice(0, MAX_SHOWN_NAME)}", which is not among the tools of the request`
      : 'demands a tool call, but the request has no tools'
  return new GatewayError('invalid-request', `${field} ${reason}.`, { field })
}

/** Tools that were used before stay known to the model, so it is told, and calls of them are taken out. */
function forbidCalls(conversation: Conversation): DemandPlan {
  const withoutTools: Conversation = { ...conversation, tools: [], toolChoice: { kind: 'auto' } }
  const wereUsed = conversation.turns.some(({ parts }) => parts.some(({ kind }) => kind === 'tool-use'))
  return makePlan({
    conversation: wereUsed
      ? addNote(withoutTools, 'Do not call any tool now. Answer in words, from what is known already.')
      : withoutTools,
    createStages: () => [createCallFilter({ callable: new Set(), isCallDemanded: false })],
  })
}

/** Undefined when plain text will do. */
function demandFormat(conversation: Conversation): DemandPlan | undefined {
  const { responseFormat } = conversation
  switch (responseFormat.kind) {
    case 'text':
      return undefined
    case 'json':
      return demandJson(conversation)
    case 'json-schema':
      return demandJsonBy(responseFormat.schema, conversation)
    default:
      return unreachable(responseFormat)
  }
}

/** Without a schema a tool would have no members to fill, and models call such tools with nothing. */
function demandJson(conversation: Conversation): DemandPlan {
  const callable = namesOf(conversation.tools)
  const note = 'Give the answer as one JSON object and nothing else: no words around it, no code fence.'
  return makePlan({
    conversation: addNote({ ...conversation, responseFormat: { kind: 'text' } }, note),
    gate: 'whole-reply',
    createStages: () => [createJsonAnswer({ check: checkObject, callable })],
  })
}

function checkObject(value: JsonValue): string | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? undefined : 'it is JSON, but not an object.'
}

function demandJsonBy(schema: JsonObject, conversation: Conversation): DemandPlan {
  const check = createCheck(schema, conversation.demandedAt?.responseFormat)
  const answerTool = createAnswerTool(schema, conversation)
  const { tool } = answerTool
  const callable = namesOf(conversation.tools)
  const others = callable.size > 0 ? ' The other tools may be called before that.' : ''
  const note = `Give the final answer by calling the tool "${tool.name}" with the answer as its input. Do not write the answer as text.${others}`
  return makePlan({
    conversation: addNote(
      { ...conversation, tools: [...conversation.tools, tool], responseFormat: { kind: 'text' } },
      note,
    ),
    gate: 'whole-reply',
    createStages: () => [createJsonAnswer({ check, answerTool, callable })],
  })
}

/** `field`: where the client says it. */
function createCheck(schema: JsonObject, field: string | undefined): JsonCheck {
  try {
    return createJsonCheck(schema)
  } catch (error) {
    if (field === undefined || !(error instanceof GatewayError)) throw error
    throw new GatewayError(error.failure.kind, `${field}: ${error.message}`, { field, cause: error })
  }
}

function namesOf(tools: readonly Tool[]): ReadonlySet<string> {
  return new Set(tools.map(({ name }) => name))
}
