/** Which rows are selected, and from which one a range goes on. Pure. */

export interface Selection {
  ids: ReadonlySet<string>
  /** The row that was last selected or taken out. */
  anchor: string | undefined
}

export const nothingSelected: Selection = { ids: new Set(), anchor: undefined }

/** With `isRange`, all rows from the anchor to this one become as the anchor is. `order`: ids as they are shown. */
export function toggle(
  { ids, anchor }: Selection,
  id: string,
  { isRange, order }: { isRange: boolean; order: readonly string[] },
): Selection {
  const next = new Set(ids)
  const from = anchor === undefined ? -1 : order.indexOf(anchor)
  const to = order.indexOf(id)
  const isOn = isRange && from >= 0 && anchor !== undefined ? ids.has(anchor) : !ids.has(id)
  const range =
    isRange && from >= 0 && to >= 0 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id]
  for (const each of range) {
    if (isOn) next.add(each)
    else next.delete(each)
  }
  return { ids: next, anchor: id }
}

/** All that are shown, or none if they all were. What is selected outside of the filter is forgotten. */
export function toggleAll({ ids }: Selection, order: readonly string[]): Selection {
  const hasAll = order.length > 0 && order.every((id) => ids.has(id))
  return { ids: new Set(hasAll ? [] : order), anchor: undefined }
}
