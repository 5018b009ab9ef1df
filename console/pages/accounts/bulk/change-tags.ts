/** Pure. */

/** Undefined: there is nothing to change. */
export function changeTags(
  tags: readonly string[],
  { how, tag }: { how: 'add' | 'remove'; tag: string },
): string[] | undefined {
  if (tags.includes(tag) === (how === 'add')) return undefined
  return how === 'add' ? [...tags, tag] : tags.filter((each) => each !== tag)
}
