import type { Clock } from '../clock.ts'
import type { Conversation, Tool } from '../conversation/conversation.ts'
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import type { StopReason, Usage } from '../conversation/reply.ts'
import type { SearchOutcome, SearchRules } from '../conversation/web-search.ts'
import type { ReplySink } from '../relay/pump.ts'
import type { Plan, Relay } from '../relay/relay.ts'
import type { PlanWishes, Target } from '../relay/task.ts'
import { createFactSum, withLostSearch } from './facts.ts'
import { goOn } from './go-on.ts'
import { readQuery } from './query.ts'
import { createRound, type SearchCall, type WholeRound } from './round.ts'
import { noteRound, type RoundNotes } from './round-notes.ts'
import { sumUsage } from './sum-usage.ts'
import type { WebSearch } from './web-search.ts'

interface SearchRelayParts {
  relay: Relay
  webSearch: WebSearch
  clock: Clock
}

/** Of one answer: after so many the client is told that the model has not finished (`pause-turn`). */
const MAX_ROUNDS = 10
/** Of one answer, where the client has set no limit of its own, or a higher one. */
const MAX_SEARCHES = 20

/** The answer ends there, whatever the model had called before. */
const LAST_WORDS: ReadonlySet<StopReason> = new Set(['stop-sequence', 'refusal', 'context-window-exceeded'])

/** What the searches of one answer go by. */
interface SearchTask {
  /** As the client asked it, and what was found since. */
  conversation: Conversation
  wishes: PlanWishes
  rules: ReadonlyMap<string, SearchRules>
}

/**
 * The same relay, which also runs the tools that search the web. The model's call of one never leaves: it is run, the
 * client is told what was searched and found, and the conversation goes on with it in the same answer. What was played
 * before stays; a round that fails before content of its own has left is remedied by itself.
 */
export function createSearchRelay({ relay, webSearch, clock }: SearchRelayParts): Relay {
  return {
    plan(conversation, wishes = {}) {
      const rules = rulesOf(conversation.tools)
      if (rules.size === 0 || conversation.toolChoice.kind === 'none') return relay.plan(conversation, wishes)
      if (!webSearch.isOffered(wishes) && !isDemanded(conversation)) {
        return planWithoutSearch(relay, conversation, wishes)
      }
      const plan = relay.plan(conversation, wishes)
      const task = { conversation, wishes, rules }
      return { ...plan, run: (target) => playRounds({ relay, webSearch, clock }, { ...task, plan }, target) }
    },
  }
}

function rulesOf(tools: readonly Tool[]): Map<string, SearchRules> {
  return new Map(tools.flatMap(({ name, serverRun }) => (serverRun === undefined ? [] : [[name, serverRun]])))
}

/** Whether an answer without a search would not be what the client asks for. */
function isDemanded({ tools, toolChoice }: Conversation): boolean {
  if (toolChoice.kind === 'any') return tools.every(({ serverRun }) => serverRun !== undefined)
  return (
    toolChoice.kind === 'one' &&
    tools.some(({ name, serverRun }) => name === toolChoice.name && serverRun !== undefined)
  )
}

/** There is nobody to ask, so the model is not told of the tool; the client is told that it was not. */
function planWithoutSearch(relay: Relay, conversation: Conversation, wishes: PlanWishes): Plan {
  const tools = conversation.tools.filter(({ serverRun }) => serverRun === undefined)
  const plan = relay.plan({ ...conversation, tools }, wishes)
  return { ...plan, run: (target) => plan.run({ ...target, sink: withLostSearch(target.sink) }) }
}

async function playRounds(
  parts: SearchRelayParts,
  task: SearchTask & { plan: Plan },
  target: Target,
): Promise<void> {
  const facts = createFactSum(target.sink)
  const { sink } = facts
  const round = { ...target, sink, notes: noteRound(target.call, parts.clock), rules: task.rules }
  const usages: Usage[] = []
  let searches = 0
  try {
    let { conversation, played } = await playFirst(parts, task, { ...round, isFirst: true })
    for (let count = 1; ; count += 1) {
      usages.push(played.end.usage)
      facts.settleRound()
      if (played.calls.length === 0 || LAST_WORDS.has(played.end.stopReason)) {
        return finish(sink, played.end, usages)
      }
      const outcomes = await searchAll(parts, { ...task, played, searches }, round)
      searches += played.calls.length
      if (played.hasOtherCalls) return finish(sink, played.end, usages)
      const next = goOn(conversation, { played, outcomes, mayGoOn: mayGoOn(task.rules, searches) })
      if (count === MAX_ROUNDS || next === undefined) {
        const stopReason = next === undefined ? 'max-tokens' : 'pause-turn'
        return finish(sink, { ...played.end, stopReason }, usages)
      }
      conversation = next
      played = await playRound(parts.relay.plan(next, task.wishes), { ...round, isFirst: false })
    }
  } catch (error) {
    // Rounds that were played are paid for, whatever became of the answer.
    if (target.call !== undefined && usages.length > 0) target.call.usage ??= sumUsage(usages)
    throw error
  }
}

/** Where the search is demanded and the model answers without one all the same, its answer is worth more than an error. */
async function playFirst(
  { relay }: SearchRelayParts,
  { conversation, wishes, plan }: SearchTask & { plan: Plan },
  round: RoundTarget,
): Promise<{ conversation: Conversation; played: PlayedRound }> {
  try {
    return { conversation, played: await playRound(plan, round) }
  } catch (error) {
    const isUnmet = toGatewayError(error).failure.kind === 'demand-unmet'
    if (!isUnmet || !isDemanded(conversation) || round.sink.hasContentLeft()) throw error
    const free: Conversation = { ...conversation, toolChoice: { kind: 'auto' } }
    return { conversation: free, played: await playRound(relay.plan(free, wishes), round) }
  }
}

interface RoundTarget extends Target {
  notes: RoundNotes
  rules: ReadonlyMap<string, SearchRules>
  isFirst: boolean
}

interface PlayedRound extends WholeRound {
  /** Which account has answered. */
  accountId: string | undefined
}

async function playRound(
  plan: Plan,
  { notes, rules, isFirst, ...target }: RoundTarget,
): Promise<PlayedRound> {
  const round = createRound({ sink: target.sink, isSearch: (name) => rules.has(name), isFirst })
  const call = notes.begin()
  try {
    await plan.run({ ...target, sink: round.sink, call })
  } finally {
    notes.end(call)
  }
  const whole = round.whole()
  if (whole === undefined) throw new GatewayError('internal', 'The relay ended an answer without its end.')
  const answered = call.attempts.findLast(({ outcome }) => outcome === 'answered')
  return { ...whole, accountId: answered?.accountId }
}

/** One after the other, each told to the client as it begins and as it ends. */
async function searchAll(
  { webSearch }: SearchRelayParts,
  { rules, played, searches }: SearchTask & { played: PlayedRound; searches: number },
  { sink, signal }: Pick<Target, 'sink' | 'signal'>,
): Promise<SearchOutcome[]> {
  const outcomes: SearchOutcome[] = []
  for (const [index, call] of played.calls.entries()) {
    const rule = rules.get(call.name) ?? { kind: 'web-search' }
    const { query, failure } = readQuery(call.input)
    sink.push({ type: 'block-start', block: { kind: 'web-search', id: idOf(call), query } })
    sink.flush()
    const refusal = searches + index >= maxUsesOf(rule) ? ('max-uses-exceeded' as const) : failure
    const outcome: SearchOutcome =
      refusal === undefined
        ? await webSearch.search(query, { rules: rule, accountId: played.accountId, signal })
        : { kind: 'failed', failure: refusal }
    sink.push({ type: 'block-end', outcome })
    sink.flush()
    outcomes.push(outcome)
  }
  return outcomes
}

function maxUsesOf({ maxUses = MAX_SEARCHES }: SearchRules): number {
  return Math.min(maxUses, MAX_SEARCHES)
}

function mayGoOn(rules: ReadonlyMap<string, SearchRules>, searches: number): (name: string) => boolean {
  return (name) => {
    const rule = rules.get(name)
    return rule === undefined || searches < maxUsesOf(rule)
  }
}

/** Clients have prefixes of their own for it. */
function idOf({ id }: SearchCall): string {
  return id.replace(/^(toolu|tooluse|call)_/, '').replaceAll(/[^\w-]/g, '_')
}

function finish(sink: ReplySink, end: WholeRound['end'], usages: readonly Usage[]): void {
  sink.push({ ...end, usage: sumUsage(usages) })
  sink.flush()
}
