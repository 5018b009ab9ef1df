/** Reads a stream in the form of Chat Completions up to its first words. */

export type FirstToken = { kind: 'text'; model: string } | { kind: 'failed'; message: string }

/** Ends when the answer does: one without words is told as failed. */
export async function readFirstToken(body: ReadableStream<Uint8Array>): Promise<FirstToken> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  // Safari cannot walk a stream with `for await`.
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const found = readLine(line)
      if (found !== undefined) return found
    }
  }
  return { kind: 'failed', message: 'The answer had no text.' }
}

function readLine(line: string): FirstToken | undefined {
  if (!line.startsWith('data: {')) return undefined
  const chunk: {
    model?: string
    error?: { message?: string }
    choices?: { delta?: { content?: string; reasoning_content?: string } }[]
  } = JSON.parse(line.slice('data: '.length))
  if (chunk.error !== undefined) return { kind: 'failed', message: chunk.error.message ?? '' }
  const delta = chunk.choices?.[0]?.delta
  const said = `${delta?.content ?? ''}${delta?.reasoning_content ?? ''}`
  return said === '' ? undefined : { kind: 'text', model: chunk.model ?? '' }
}
