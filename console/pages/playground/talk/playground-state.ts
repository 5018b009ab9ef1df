/** What the playground is set to, and its conversations: kept while the console is open, whichever page is shown. */
import { computed, signal } from '@preact/signals'
import { ask } from '../../../api/client.ts'
import type { ModelList } from '../../../api/types.ts'
import { createResource } from '../../../state/resource.ts'
import { NO_WISHES, type Turn, type Wishes } from '../request/turns.ts'
import { readTools } from '../tools/read-tools.ts'
import { createLane } from './lane.ts'
import { askedTurns, NO_TREE, withoutNode } from './tree.ts'

export type Model = ModelList['models'][number]

/** What the two that are compared may differ in. */
export interface Aim {
  model: string
  accountId: string
}

export type LaneName = 'first' | 'second'

export const models = createResource<readonly Model[]>(async (signalOfRead) => {
  const { models: list } = await ask<ModelList>('/v2/models', { signal: signalOfRead })
  return list
})

export const wishes = signal<Omit<Wishes, 'model' | 'tools'>>(NO_WISHES)
/** As somebody has chosen; an empty model is the usual one. */
export const aims = signal<Readonly<Record<LaneName, Aim>>>({
  first: { model: '', accountId: '' },
  second: { model: '', accountId: '' },
})
export const isComparing = signal(false)
/** As they are typed. */
export const toolsText = signal('')
export const readToolsText = computed(() => readTools(toolsText.value))

const tools = computed(() => (readToolsText.value.kind === 'tools' ? readToolsText.value.tools : []))

export function changeWishes(changes: Partial<Wishes>): void {
  wishes.value = { ...wishes.value, ...changes }
}

export function aimAt(name: LaneName, changes: Partial<Aim>): void {
  aims.value = { ...aims.value, [name]: { ...aims.value[name], ...changes } }
}

/** Of the model that is asked, whether or not somebody has chosen it. */
export function modelOf(name: LaneName): string {
  return aims.value[name].model || usualModel(models.state.value.value ?? [])
}

function wishesOf(name: LaneName) {
  return { ...wishes.value, ...aims.value[name], model: modelOf(name), tools: tools.value }
}

export const lanes = {
  first: createLane(() => wishesOf('first')),
  second: createLane(() => wishesOf('second')),
}

/** Everything that the next request of a conversation is made from. */
export const wishesOfFirst = computed(() => wishesOf('first'))

export const shownLanes = computed<readonly LaneName[]>(() =>
  isComparing.value ? ['first', 'second'] : ['first'],
)

export const isAnswering = computed(() =>
  shownLanes.value.some((name) => lanes[name].running.value !== undefined),
)

/** Whether it is known whom to ask. What began as a request in the raw names its model itself. */
export const canAsk = computed(() =>
  shownLanes.value.every(
    (name) => modelOf(name) !== '' || askedTurns(lanes[name].tree.value)[0]?.role === 'raw',
  ),
)
/** Somebody has tried to, before that was known. */
export const hasAskedEarly = signal(false)

export function stopAll(): void {
  for (const lane of Object.values(lanes)) lane.stop()
}

/** To all that are shown. Answers whether it was said. */
export function sayToAll(turn: Turn): boolean {
  hasAskedEarly.value = !canAsk.value
  if (hasAskedEarly.value) return false
  for (const name of shownLanes.value) lanes[name].say(turn)
  return true
}

export function beginAnew(): void {
  for (const lane of Object.values(lanes)) lane.show(NO_TREE)
}

/** The second goes on from what the first has said so far; an answer that is still coming is the first's alone. */
export function compare(isOn: boolean): void {
  isComparing.value = isOn
  if (!isOn) return lanes.second.stop()
  const { tree, running } = lanes.first
  lanes.second.show(withoutNode(tree.peek(), running.peek()?.nodeId ?? ''))
}

/** The one that most come for. */
function usualModel(list: readonly Model[]): string {
  const sonnets = list.filter(({ id }) => id.includes('sonnet'))
  const usual = sonnets.find(({ id }) => id === 'claude-sonnet-4.5') ?? sonnets.at(-1) ?? list[0]
  return usual?.id ?? ''
}
