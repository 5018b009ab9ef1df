/** What clients need of the gateway, one sentence each; a test proves a sentence by bearing it as its title. */
import { assertions, type AssertionId } from './assertions.ts'

/** The beginning of a test's title: the number and the sentence. */
export function claim(id: AssertionId): string {
  return `${id}: ${assertions[id].text}`
}
