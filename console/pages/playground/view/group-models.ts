/** The models as the picker lists them. Pure. */
import type { Model } from '../talk/playground-state.ts'

export interface ModelGroup {
  /** Of its makers. */
  family: string
  models: readonly Model[]
}

/** Those of which all words occur, in families, in the order in which they came. */
export function groupModels(models: readonly Model[], sought: string): ModelGroup[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
  const isMatch = ({ id, displayName }: Model) => {
    const name = `${id} ${displayName}`.toLowerCase()
    return words.every((word) => name.includes(word))
  }
  const families = new Map<string, Model[]>()
  for (const model of models.filter(isMatch)) {
    const family = familyOf(model)
    const known = families.get(family)
    if (known === undefined) families.set(family, [model])
    else known.push(model)
  }
  return [...families].map(([family, members]) => ({ family, models: members }))
}

/** `claude-sonnet-4.5` is of Claude; what has no such name is of its own. */
function familyOf({ id }: Model): string {
  const first = /^[a-z]+/i.exec(id)?.[0] ?? id
  return first.length < 2
    ? id
    : first === 'gpt'
      ? 'GPT'
      : `${first.slice(0, 1).toUpperCase()}${first.slice(1)}`
}
