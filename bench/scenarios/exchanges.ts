/** One request with its answer, checked byte by byte. */
import { answerOf } from '../answer.ts'
import type { LoadClient } from '../load/client.ts'
import type { LoadRequest } from '../load/requests.ts'

/** Reads a stream whose whole text is that of so many tokens. `onText` hears of each piece. */
export async function exchangeStream(
  client: LoadClient,
  request: LoadRequest,
  { tokens, onText }: { tokens: number; onText?: () => void },
): Promise<void> {
  const pieces: string[] = []
  await client.stream(request, (text) => {
    onText?.()
    pieces.push(text)
  })
  compare(pieces.join(''), tokens)
}

export async function exchangeDocument(
  client: LoadClient,
  request: LoadRequest,
  tokens: number,
): Promise<void> {
  compare(await client.ask(request), tokens)
}

function compare(text: string, tokens: number): void {
  const expected = answerOf(tokens)
  if (text === expected) return
  let place = 0
  while (text[place] === expected[place]) place += 1
  throw new Error(`the text differs from what was sent, from character ${place} on`)
}
