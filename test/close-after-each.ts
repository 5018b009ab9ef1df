/** What the tests of a file have opened. */
import { afterEach } from 'vitest'

/** Answers how to have something closed when its test is over, the last one first. */
export function closeAfterEach(): <T extends { close(): Promise<unknown> }>(each: T) => T {
  const open: { close(): Promise<unknown> }[] = []
  afterEach(async () => {
    for (const each of open.splice(0).toReversed()) await each.close()
  })
  return (each) => {
    open.push(each)
    return each
  }
}
