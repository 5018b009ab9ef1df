/** Which settings are shown. Pure. */
import type { Setting } from '../../api/types.ts'

export const groups = [
  'access',
  'pool',
  'refresh',
  'answers',
  'limits',
  'network',
  'data',
  'encryption',
  'logging',
  'about',
] as const
export type Group = (typeof groups)[number]

/** Words in any order, in the name of the variable or in what is said of it. */
export function findSettings(
  list: readonly Setting[],
  sought: string,
  saidOf: (setting: Setting) => string,
): Setting[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
  return list.filter((setting) => {
    const said = `${setting.name} ${saidOf(setting)}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}
