import type { JsonObject } from '../../../src/conversation/conversation.ts'

export type HeardBlock =
  | { kind: 'thinking'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'call'; id: string; name: string; input: JsonObject }

/** What a client makes of an answer. */
export interface Heard {
  blocks: HeardBlock[]
  /** Whether the answer tells that it wants its calls run. */
  wantsResults: boolean
  /** What the client puts behind its conversation before it goes on. */
  echo: object[]
}

/** Reads answers as a client of one API would. Throws for one that has no proper end. */
export interface Ear {
  hearStream(text: string): Heard
  hearWhole(body: JsonObject): Heard
  /** How the API tells these blocks; not every one keeps them apart. */
  told(blocks: readonly HeardBlock[]): HeardBlock[]
}

/** The JSON in the `data:` lines of a stream. */
export function dataOf(stream: string): unknown[] {
  const frames = stream.split('\n\n')
  if (frames.pop() !== '') throw new Error('The last event has no end.')
  return frames.flatMap((frame): unknown[] => {
    const line = frame
      .split('\n')
      .find((each) => each.startsWith('data: '))
      ?.slice(6)
    return line === undefined || line === '[DONE]' ? [] : [JSON.parse(line)]
  })
}

export function readObject(text: string): JsonObject {
  const value: JsonObject = JSON.parse(text === '' ? '{}' : text)
  return value
}
