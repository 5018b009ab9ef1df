/** What the bench's model service says: upstream and load generator agree on every byte of it. */

/** Of several lengths, with everything that tends to get lost: repeats, several bytes a character, escapes, a lone `<`. */
const VOCABULARY = [
  ' the',
  ' the',
  ' model',
  '\n\n',
  ' "it"',
  ' Größe',
  '模型',
  ' <',
  '😀',
  ' a\\b',
  '.',
  ' tokens',
]

export function tokenAt(index: number): string {
  return VOCABULARY[index % VOCABULARY.length] ?? ''
}

export function answerOf(tokenCount: number): string {
  return Array.from({ length: tokenCount }, (_, index) => tokenAt(index)).join('')
}

/** For paced answers: a token that tells its place and when it was sent, so that nothing else has to carry that. */
export function stampToken(index: number, sentAtMicroseconds: number): string {
  return `${index}@${sentAtMicroseconds};`
}

export interface StampReader {
  /** Calls `found` for each stamp that has come whole. */
  push(text: string, found: (sentAtMicroseconds: number) => void): void
  /** How many stamps came, all in order; undefined when anything else did. */
  count(): number | undefined
}

export function createStampReader(): StampReader {
  let next = 0
  let rest = ''
  let sound = true
  return {
    push(text, found) {
      const stamps = (rest + text).split(';')
      rest = stamps.pop() ?? ''
      for (const stamp of stamps) {
        const [index, sentAt = ''] = stamp.split('@', 2)
        if (index !== String(next) || !/^\d+$/.test(sentAt)) sound = false
        next += 1
        found(Number(sentAt))
      }
    },
    count: () => (sound && rest === '' ? next : undefined),
  }
}

/** Of a clock that all processes of a machine share. */
export function nowInMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n)
}
