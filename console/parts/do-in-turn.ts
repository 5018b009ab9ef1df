/** What takes long is done piece by piece: between two of them keys and clicks have their say. */

const waiting: (() => void)[] = []

/** Does the piece in a task of its own, after those that were given before. Answers how to leave it undone. */
export function doInTurn(piece: () => void): () => void {
  waiting.push(piece)
  if (waiting.length === 1) setTimeout(doNext)
  return () => {
    const place = waiting.indexOf(piece)
    if (place >= 0) waiting.splice(place, 1)
  }
}

function doNext(): void {
  const piece = waiting.shift()
  if (waiting.length > 0) setTimeout(doNext)
  piece?.()
}
