/** What somebody has typed and not saved yet. Pure. */
import type { Setting } from '../../api/types.ts'

export interface Draft {
  /** Null: back to the default. */
  text: string | null
  /** What would have held without it, when it was begun. */
  from: string | null
}

export type Drafts = ReadonlyMap<string, Draft>

export type Fault = 'number' | 'whole' | 'empty'

/** What holds, or will after a restart: what is changed is that. */
export function heldBy({ value, pending }: Pick<Setting, 'value' | 'pending'>): string | null {
  return pending === null ? value : pending.value
}

/** One that says what holds already is none. */
export function withDraft(drafts: Drafts, setting: Setting, text: string | null): Drafts {
  const next = new Map(drafts)
  const held = heldBy(setting)
  const isAsItIs = text === null ? !setting.isInConsole : text === (held ?? '')
  if (isAsItIs) next.delete(setting.name)
  else next.set(setting.name, { text, from: drafts.get(setting.name)?.from ?? held })
  return next
}

export function withoutDraft(drafts: Drafts, name: string): Drafts {
  const next = new Map(drafts)
  next.delete(name)
  return next
}

/** What a field of it shows. */
export function shownIn(setting: Setting, draft: Draft | undefined): string {
  return (draft === undefined ? heldBy(setting) : (draft.text ?? setting.default)) ?? ''
}

/** Where it is not plain, the gateway decides. */
export function faultOf({ kind }: Pick<Setting, 'kind'>, text: string | null): Fault | undefined {
  if (text === null) return undefined
  if (text.trim() === '') return 'empty'
  if (kind.type !== 'number') return undefined
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  const fits = number >= kind.least && number <= kind.most && (!kind.isWhole || Number.isInteger(number))
  if (fits) return undefined
  return kind.isWhole ? 'whole' : 'number'
}

/** What is sent; what cannot be is left out. */
export function changesOf(list: readonly Setting[], drafts: Drafts): Record<string, string | null> {
  return Object.fromEntries(
    list.flatMap((setting) => {
      const draft = drafts.get(setting.name)
      return draft === undefined || faultOf(setting, draft.text) !== undefined
        ? []
        : [[setting.name, draft.text]]
    }),
  )
}

/** Whether somebody else has changed it since the draft was begun. */
export function isOvertaken(setting: Setting, draft: Draft): boolean {
  return heldBy(setting) !== draft.from
}
