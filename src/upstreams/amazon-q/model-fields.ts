/** What the client wishes of thinking, effort and length, in the model's own request fields (protocol 3.9). */

import type { Conversation, Effort, JsonObject, Thinking } from '../../conversation/conversation.ts'
import type { Loss } from '../../conversation/loss.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ModelInfo } from '../upstream.ts'
import { budgetOfEffort, effortOfBudget, lowestLevel, nearestLevel } from './effort-levels.ts'
import { readFieldRules } from './field-rules.ts'
import type { EffortRules, FieldRules, Range, ThinkingRules } from './field-rules.ts'

export type Wishes = Pick<Conversation, 'thinking' | 'effort' | 'limits'>

interface ModelFields {
  fields?: JsonObject
  losses: Loss[]
}

/** Where nothing is said of the effort, a model that was asked to think is held to this. */
const DEFAULT_EFFORT: Effort = 'medium'

/** Only what the schema defines, as the service refuses all else. A wish that it cannot carry is a loss. */
export function chooseModelFields(
  wishes: Wishes,
  { requestFields = {} }: Pick<ModelInfo, 'requestFields'>,
): ModelFields {
  const rules = readFieldRules(requestFields)
  const maxTokens = chooseMaxTokens(wishes.limits.maxOutputTokens, rules.maxTokens)
  const isGpt = rules.thinking.size === 0 && rules.effort?.member === 'reasoning'
  const thinking = isGpt ? thinkByEffort(wishes.thinking) : chooseThinking(wishes, { rules, maxTokens })
  const effort = chooseEffort(wishes.effort, thinking, rules.effort)
  const fields: JsonObject = {
    ...(thinking.field !== undefined && { thinking: thinking.field }),
    ...effort.fields,
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  }
  return {
    ...(Object.keys(fields).length > 0 && { fields }),
    losses: [thinking.loss, effort.loss].filter((loss) => loss !== undefined),
  }
}

/** The service refuses a request outside its limits. The gateway counts along, so a model that is told none loses nothing. */
function chooseMaxTokens(asked: number | undefined, range: Range | undefined): number | undefined {
  return asked === undefined || range === undefined ? undefined : clamp(asked, range)
}

interface ThinkingChoice {
  field?: JsonObject
  /** What the effort has to make up for, where the client says nothing of it. */
  impliedEffort?: Effort | 'none' | 'lowest'
  loss?: Loss
}

const LOST: Loss = { kind: 'thinking' }
const LOST_BUDGET: Loss = { kind: 'thinking', detail: 'budget_tokens' }

/** For models that have no other word for thinking than its effort. */
function thinkByEffort(thinking: Thinking): ThinkingChoice {
  switch (thinking.kind) {
    case 'default':
      return {}
    case 'off':
      return { impliedEffort: 'none' }
    case 'budget':
      return { impliedEffort: effortOfBudget(thinking.budgetTokens), loss: LOST_BUDGET }
    case 'adaptive':
      return { impliedEffort: DEFAULT_EFFORT }
    default:
      return unreachable(thinking)
  }
}

interface ThinkingContext {
  rules: FieldRules
  maxTokens: number | undefined
}

function chooseThinking(wishes: Wishes, context: ThinkingContext): ThinkingChoice {
  const { thinking } = wishes
  const kinds = context.rules.thinking
  switch (thinking.kind) {
    case 'default':
      return kinds.has('disabled') ? { field: { type: 'disabled' } } : {}
    case 'off':
      return thinkLeast(kinds)
    case 'budget':
      return thinkWithin(thinking, context)
    case 'adaptive':
      return thinkFreely(thinking, wishes.effort, context)
    default:
      return unreachable(thinking)
  }
}

/** Some models cannot but think. Between tool calls alone is the least then. A model without any fields for it does not think. */
function thinkLeast(kinds: FieldRules['thinking']): ThinkingChoice {
  if (kinds.has('disabled')) return { field: { type: 'disabled' } }
  if (kinds.size === 0) return {}
  const between = kinds.get('between_tools')
  return {
    ...(between !== undefined && {
      field: { type: 'between_tools', ...displayOf({ shown: false }, between) },
    }),
    impliedEffort: 'lowest',
    loss: LOST,
  }
}

function thinkWithin(thinking: Thinking & { kind: 'budget' }, context: ThinkingContext): ThinkingChoice {
  const { budgetTokens } = thinking
  const enabled = context.rules.thinking.get('enabled')
  if (enabled?.budget !== undefined) {
    const field = budgetField(thinking, enabled, { budgetTokens, context })
    return { field, ...(field['budget_tokens'] !== budgetTokens && { loss: LOST_BUDGET }) }
  }
  const field = plainField(thinking, context)
  if (field === undefined) return { loss: LOST }
  return { field, impliedEffort: effortOfBudget(budgetTokens), loss: LOST_BUDGET }
}

function thinkFreely(
  thinking: Thinking & { kind: 'adaptive' },
  effort: Effort | undefined,
  context: ThinkingContext,
): ThinkingChoice {
  const enabled = context.rules.thinking.get('enabled')
  if (!context.rules.thinking.has('adaptive') && enabled?.budget !== undefined) {
    const budgetTokens = budgetOfEffort(effort ?? DEFAULT_EFFORT)
    return { field: budgetField(thinking, enabled, { budgetTokens, context }) }
  }
  const field = plainField(thinking, context)
  return field === undefined ? { loss: LOST } : { field }
}

/** Thinking of which the model itself decides how much. */
function plainField(thinking: { shown: boolean }, { rules }: ThinkingContext): JsonObject | undefined {
  for (const type of ['adaptive', 'enabled']) {
    const kind = rules.thinking.get(type)
    if (kind !== undefined) return { type, ...displayOf(thinking, kind) }
  }
  return undefined
}

/** The budget has to leave room for an answer within the whole. */
function budgetField(
  thinking: { shown: boolean },
  rules: ThinkingRules,
  { budgetTokens, context }: { budgetTokens: number; context: ThinkingContext },
): JsonObject {
  const most = Math.min(budgetTokens, (context.maxTokens ?? Infinity) - 1)
  const budget = rules.budget === undefined ? most : clamp(most, rules.budget)
  return { type: 'enabled', budget_tokens: budget, ...displayOf(thinking, rules) }
}

function displayOf({ shown }: { shown: boolean }, { displays }: ThinkingRules): JsonObject {
  const display = shown ? 'summarized' : 'omitted'
  return displays.has(display) ? { display } : {}
}

interface EffortChoice {
  fields: JsonObject
  loss?: Loss
}

/** An effort that the client itself named goes before one that is implied; only switching thinking off outweighs it. */
function chooseEffort(
  asked: Effort | undefined,
  { impliedEffort: implied }: ThinkingChoice,
  rules: EffortRules | undefined,
): EffortChoice {
  const lost: EffortChoice = { fields: {}, ...(asked !== undefined && { loss: { kind: 'effort' } }) }
  if (rules === undefined) return lost
  if (implied === 'none' && rules.levels.has('none')) {
    return { ...lost, fields: { [rules.member]: { effort: 'none' } } }
  }
  const wanted = asked ?? implied
  if (wanted === undefined) return { fields: {} }
  const isLeast = wanted === 'none' || wanted === 'lowest'
  const level = isLeast ? lowestLevel(rules.levels) : nearestLevel(wanted, rules.levels)
  const fields = level === undefined ? {} : { [rules.member]: { effort: level } }
  if (implied === 'none') return { fields, loss: LOST }
  return { fields, ...(asked !== undefined && level !== asked && { loss: { kind: 'effort' } }) }
}

function clamp(value: number, { minimum, maximum }: Range): number {
  return Math.max(minimum, Math.min(value, maximum))
}
