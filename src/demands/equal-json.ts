/** Characters of a text that count as a step. */
const STEP_CHARACTERS = 1024

/** Whether two JSON values are the same, whatever the order of members. `spend` is told of the work, and may end it. */
export function isEqualJson(one: unknown, other: unknown, spend: (cost?: number) => void): boolean {
  spend()
  if (typeof one === 'string' && typeof other === 'string') {
    if (one.length !== other.length) return false
    spend(Math.ceil(one.length / STEP_CHARACTERS))
    return one === other
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const members = Object.entries(one)
  if (members.length !== Object.keys(other).length) return false
  return members.every(
    ([name, member]) => Object.hasOwn(other, name) && isEqualJson(member, Reflect.get(other, name), spend),
  )
}
