import type { AssistantPart, Conversation, Tool, UserPart } from './conversation.ts'
import { unreachable } from './unreachable.ts'

/** What a prompt costs: texts to be counted, and what costs the same however one counts. */
export interface PromptPieces {
  texts: string[]
  fixedTokens: number
}

/**
 * What an image of usual size costs; its pixels are not looked at. Near the most that Claude charges for one: its pixels
 * divided by 750, after it is scaled down to 1.15 million of them.
 */
const IMAGE_TOKENS = 1_500
/** Of a document, which is no text that we could read. */
const BYTES_PER_TOKEN = 4
/** Four characters of base64 hold three bytes. */
const BYTES_PER_BASE64_CHARACTER = 3 / 4

/**
 * System prompt, turns and tools. Earlier thinking is free, as services do not read it again. Each text is a whole
 * part or tool, so that it stays the same from one request of a conversation to the next.
 */
export function listPromptPieces({ system, turns, tools }: Conversation): PromptPieces {
  const pieces: PromptPieces = { texts: system === '' ? [] : [system], fixedTokens: 0 }
  for (const tool of tools) pieces.texts.push(textOfTool(tool))
  for (const turn of turns) {
    for (const part of turn.parts) addPart(pieces, part)
  }
  return pieces
}

function addPart(pieces: PromptPieces, part: UserPart | AssistantPart): void {
  switch (part.kind) {
    case 'text':
      pieces.texts.push(part.text)
      return
    case 'image':
    case 'image-link':
      pieces.fixedTokens += IMAGE_TOKENS
      return
    case 'document':
      pieces.fixedTokens += Math.ceil((part.base64.length * BYTES_PER_BASE64_CHARACTER) / BYTES_PER_TOKEN)
      return
    case 'tool-use':
      pieces.texts.push(`${part.name} ${part.inputText ?? JSON.stringify(part.input)}`)
      return
    case 'tool-result':
      for (const piece of part.content) addPart(pieces, piece)
      return
    case 'thinking':
    case 'redacted-thinking':
      return
    default:
      unreachable(part)
  }
}

function textOfTool({ name, description, inputSchema }: Tool): string {
  return `${name} ${description} ${JSON.stringify(inputSchema)}`
}
