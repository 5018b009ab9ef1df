/** What the gateway does to the reply of an attempt, in the order in which events pass. */
import type { Conversation } from '../conversation/conversation.ts'
import { createGrammarCheck } from '../conversation/grammar.ts'
import type { DemandPlan } from '../demands/demands.ts'
import type { RelayStage } from './pipeline.ts'
import { createGate, stricterGate, type GateKind } from './stages/gate.ts'
import { createThinkingFilter } from './stages/hide-thinking.ts'
import { createOneCall } from './stages/one-call.ts'
import { createOutputLimit } from './stages/output-limit.ts'
import { createStopSequences } from './stages/stop-sequences.ts'
import { createWholeCalls } from './stages/whole-calls.ts'

interface ReplyWishes {
  /** As the client asked it. */
  conversation: Conversation
  demands: Pick<DemandPlan, 'gate' | 'createStages'>
  gate: GateKind
  /** For the usage of an answer that is cut here, which the service never tells. */
  inputTokens: number
  isLastChance: () => boolean
  /** Told once, of the first content that clients are shown. */
  onContent?: () => void
  onCallLeftOut: () => void
}

/** Fresh for one attempt. Limits come before thinking is hidden: what nobody sees has been written all the same. */
export function createReplyStages(wishes: ReplyWishes): RelayStage[] {
  const { conversation, demands, gate, inputTokens } = wishes
  const { limits, parallelToolCalls, thinking } = conversation
  const { stopSequences: sequences, maxOutputTokens } = limits
  const hiding = createThinkingFilter(thinking)
  return [
    createGrammarCheck(),
    ...(gate === 'whole-reply' ? [createWholeCalls(wishes)] : []),
    ...demands.createStages(),
    ...(sequences.length > 0 ? [createStopSequences({ sequences, inputTokens })] : []),
    ...(maxOutputTokens === undefined ? [] : [createOutputLimit({ maxOutputTokens, inputTokens })]),
    ...(parallelToolCalls ? [] : [createOneCall({ inputTokens })]),
    ...(hiding === undefined ? [] : [hiding]),
    createGate(demands.gate === undefined ? gate : stricterGate(demands.gate, gate), wishes.onContent),
  ]
}
