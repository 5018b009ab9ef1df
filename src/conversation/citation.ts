/** Characters of the whole text of an answer, as the model service counts them; `end` is behind the last. */
export interface TextSpan {
  start: number
  end: number
}

/** What an answer is taken from. Every `url` is a http or https one; nobody has looked whether anything is there. */
export type Citation =
  | { kind: 'web-link'; url?: string; title?: string; snippet?: string; span?: TextSpan }
  | { kind: 'document'; title?: string; source?: string; location?: DocumentLocation; quotedText?: string }
  /** Code that the model knows from somewhere: its licence may bind who uses it. */
  | { kind: 'code-reference'; licence?: string; repository?: string; url?: string }

/** Where in one of the request's documents, as the model service counts both; `end` is behind the last. */
export interface DocumentLocation {
  unit: 'page' | 'character' | 'chunk'
  documentIndex: number
  start: number
  end: number
}
