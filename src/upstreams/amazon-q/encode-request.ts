/** A Conversation becomes the conversationState of GenerateAssistantResponse (protocol 3.5 to 3.10 and 8). */

import type { AssistantTurn, Conversation, JsonObject } from '../../conversation/conversation.ts'
import type { Loss, LossKind } from '../../conversation/loss.ts'
import type { ModelInfo, RequestForm } from '../upstream.ts'
import { arrangeTurns } from './arrange-turns.ts'
import type { AssistantMessage } from './arrange-turns.ts'
import { chooseCachePoints } from './cache-points.ts'
import type { CachePoints } from './cache-points.ts'
import { encodeAssistant, encodeUser } from './encode-message.ts'
import { fitMedia } from './fit-media.ts'
import { chooseModelFields } from './model-fields.ts'
import type { QOrigin } from './origins.ts'
import { createReasoningSeal } from './reasoning-seal.ts'
import { chooseReasoning, countReasoning } from './replay-reasoning.ts'
import type { QCachePoint, QConversationState, QMessage, QReasoning, QTool, QToolEntry } from './schema.ts'
import { writeThinkingPrompt } from './thinking-prompt.ts'
import { createToolNames } from './tool-names.ts'
import type { ToolNames } from './tool-names.ts'
import { encodeTools } from './tool-specs.ts'
import type { LongDescription } from './tool-specs.ts'
import type { UserMessage } from './user-message.ts'

interface EncodeOptions {
  /** As the account's own list has it. */
  model: ModelInfo
  form: RequestForm
  /** Whose request this is: what the service signed for another account it would refuse. */
  accountId: string
  /** Whether the client's cache marks are passed on to models that take some. */
  sendsCacheMarks: boolean
  conversationId: string
  /** Which kind of client this is, in the service's own words; see channels.ts. */
  origin: QOrigin
}

export interface EncodedRequest {
  conversationState: QConversationState
  /** The model's own request fields: thinking, effort, output limit (protocol 3.9). */
  additionalModelRequestFields?: JsonObject
  losses: Loss[]
  /** For the way back: the answer speaks of tools by the service's names. */
  toolNames: ToolNames
  /** For the way back: thinking was asked for by tags, so it comes in tags. */
  asksForThinkingTags: boolean
}

const CACHE_POINT: { cachePoint: QCachePoint } = { cachePoint: { type: 'default' } }

/** Pure. What the service would refuse is put in order, so that every conversation gives a valid request. */
export function encodeRequest(conversation: Conversation, options: EncodeOptions): EncodedRequest {
  const { model, form } = options
  const media = fitMedia(conversation.turns, model)
  const replay = createReplay(options)
  const { history, current } = arrangeTurns(media.turns, replay.reasoningOf)
  const usedNames = new Set(history.flatMap(({ assistant }) => assistant.toolUses.map(({ name }) => name)))
  const toolNames = createToolNames(
    conversation.tools.map(({ name }) => name),
    [...usedNames],
  )
  const tools = encodeTools(conversation, { usedNames, names: toolNames, schemas: form.toolSchemas })
  const wishes = encodeWishes(conversation, options)
  const first = history[0]?.user ?? current
  first.texts.unshift(...openingOf({ tags: wishes.tags, system: conversation.system, ...tools }))

  const earlier = history.flatMap(({ user, assistant }) => [user, assistant])
  const mostPoints = options.sendsCacheMarks ? model.cacheMarks : 0
  const cachePoints = chooseCachePoints(conversation, [...earlier, current], mostPoints)
  const parts = { earlier, current, specs: tools.specs, toolNames, cachePoints }
  return {
    conversationState: encodeState(parts, options),
    ...(wishes.fields !== undefined && { additionalModelRequestFields: wishes.fields }),
    losses: [
      ...wishes.losses,
      ...lossesOf([
        ['cache-marks', cachePoints.isLossy],
        ['earlier-thinking', replay.count() < countReasoning(conversation.turns)],
        ['earlier-media', media.isLossy],
      ]),
      ...tools.losses,
    ],
    toolNames,
    asksForThinkingTags: wishes.tags !== undefined,
  }
}

function lossesOf(kinds: readonly [kind: LossKind, isLost: boolean][]): Loss[] {
  return kinds.flatMap(([kind, isLost]) => (isLost ? [{ kind }] : []))
}

/** How thinking, effort and length are asked for: by the model's own fields where it has any, else in the prompt. */
function encodeWishes(
  conversation: Conversation,
  { model, form }: EncodeOptions,
): { fields?: JsonObject; tags?: string; losses: Loss[] } {
  return form.modelFields === 'sent' && model.requestFields !== undefined
    ? chooseModelFields(conversation, model)
    : writeThinkingPrompt(conversation, model)
}

/** Which reasoning is sent again, and how often there was some. */
function createReplay({ form, accountId, model }: EncodeOptions) {
  const seal = createReasoningSeal({ accountId, modelId: model.id })
  let count = 0
  return {
    reasoningOf: (turn: AssistantTurn): QReasoning | undefined => {
      const reasoning = form.earlierThinking === 'replayed' ? chooseReasoning(turn, seal) : undefined
      if (reasoning !== undefined) count += 1
      return reasoning
    },
    count: () => count,
  }
}

interface Opening {
  tags: string | undefined
  system: string
  longDescriptions: readonly LongDescription[]
}

/**
 * The service has no place for a system prompt, so it opens the first user message (protocol 3.10): there it survives
 * turns that are tool results only, and the prefix stays the same from request to request, which prompt caches need.
 */
function openingOf({ tags, system, longDescriptions }: Opening): string[] {
  const sections = longDescriptions.map(({ name, description }) => `# Tool ${name}\n\n${description}`)
  if (system.trim() !== '') sections.unshift(system)
  const texts = tags === undefined ? [] : [tags]
  if (sections.length > 0) {
    texts.push(`<system-instructions>\n${sections.join('\n\n')}\n</system-instructions>`)
  }
  return texts
}

interface StateParts {
  /** From the first on, users and assistants in turn. */
  earlier: readonly (UserMessage | AssistantMessage)[]
  current: UserMessage
  specs: readonly QTool[]
  toolNames: ToolNames
  cachePoints: CachePoints<UserMessage | AssistantMessage>
}

/** Tools and model are said with the current message only (protocol S9). */
function encodeState(
  { earlier, current, specs, toolNames, cachePoints }: StateParts,
  { conversationId, origin, model }: EncodeOptions,
): QConversationState {
  const pointAfter = (message: UserMessage | AssistantMessage) =>
    cachePoints.messages.has(message) && CACHE_POINT
  const history = earlier.map((message): QMessage =>
    'toolUses' in message
      ? { assistantResponseMessage: { ...encodeAssistant(message, toolNames), ...pointAfter(message) } }
      : { userInputMessage: { ...encodeUser(message, []), ...pointAfter(message) } },
  )
  const toolsWithPoint = new Set([...cachePoints.tools].map((name) => toolNames.toService(name)))
  const tools = specs.flatMap((spec): QToolEntry[] =>
    toolsWithPoint.has(spec.toolSpecification.name) ? [spec, CACHE_POINT] : [spec],
  )
  const userInputMessage = {
    ...encodeUser(current, tools),
    ...pointAfter(current),
    origin,
    modelId: model.id,
  }
  return {
    conversationId,
    chatTriggerType: 'MANUAL',
    ...(history.length > 0 && { history }),
    currentMessage: { userInputMessage },
  }
}
