/** What the tests of every library ask of it, each in that library's own words. */

/** Where it is told that its API is, and with which key. */
export interface Address {
  /** Without a path, as the gateway has it. */
  url: string
  key: string
}

export interface Question {
  text: string
  /** As base64. */
  png?: string | undefined
  signal?: AbortSignal | undefined
}

export interface ToolUse {
  /** What `get_weather` says of a city. */
  execute: (city: string) => string
  streaming: boolean
}

export interface Client {
  ask(question: Question): Promise<string>
  /** Resolves to what the library holds at the end. */
  stream(question: Question, hear: (piece: string) => void): Promise<string>
  /** Has the tool asked until there is an answer; by the library's own loop, if it has one. */
  useTool(text: string, use: ToolUse): Promise<string>
  /** A value of the schema `place`. `by`: one of the library's `structuredBy`. */
  readPlace(text: string, by: string): Promise<unknown>
}

/** What a program can tell a failure by. */
export interface Failure {
  is: (error: unknown) => boolean
  /** Members that it has besides. */
  has: object
}

export interface Library {
  name: string
  api: string
  connect: (address: Address) => Client
  /** How it has values given: by a `schema` for the text, or by a call of the tool of this name. */
  structuredBy: readonly string[]
  failures: Record<'badRequest' | 'wrongKey' | 'throttled' | 'overflow' | 'brokenStream' | 'aborted', Failure>
}
