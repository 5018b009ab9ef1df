/** Reads the chat API's stream the way a strict client would. */

interface Chunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]
}

export interface ChatStreamReader {
  push(bytes: Uint8Array): void
  /** Undefined when the stream was complete, else what is wrong with it. */
  end(): string | undefined
}

/** `onText` gets each piece of text as it comes. */
export function createChatStreamReader(onText: (text: string) => void): ChatStreamReader {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let finishReason: string | undefined
  let done = false
  let complaint: string | undefined

  function readEvent(event: string): void {
    if (event.startsWith(':')) return
    if (done) complaint ??= 'something follows [DONE]'
    else if (event === 'data: [DONE]') done = true
    else if (event.startsWith('data: {')) readChunk(JSON.parse(event.slice('data: '.length)))
    else complaint ??= `an event is not understood: ${event.slice(0, 60)}`
  }

  function readChunk({ choices }: Chunk): void {
    if (choices === undefined) complaint ??= 'a chunk has no choices'
    for (const choice of choices ?? []) {
      finishReason = choice.finish_reason ?? finishReason
      const text = choice.delta?.content ?? ''
      if (text !== '') onText(text)
    }
  }

  return {
    push(bytes) {
      const events = (rest + utf8.decode(bytes, { stream: true })).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) readEvent(event)
    },
    end() {
      if (complaint !== undefined) return complaint
      if (rest !== '') return 'the last event is cut'
      if (finishReason !== 'stop') return `the finish reason is ${finishReason ?? 'absent'}`
      return done ? undefined : '[DONE] is missing'
    },
  }
}
