/** What has to be typed before something is deleted. Pure. */
import type { Account } from '../../api/types.ts'

const LONGEST = 40
const ID_LENGTH = 8

/**
 * The name of the account where it can be seen and typed, else the beginning of its id: names may be masked, very long, or
 * hold characters that nobody sees. For several it is how many they are.
 */
export function confirmationWord(chosen: readonly Account[], isPrivate: boolean): string {
  const [first] = chosen
  if (first === undefined || chosen.length > 1) return String(chosen.length)
  const label = first.label?.trim() ?? ''
  const canBeTyped = label !== '' && label.length <= LONGEST && /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(label)
  return canBeTyped && !isPrivate ? label : first.id.slice(0, ID_LENGTH)
}
