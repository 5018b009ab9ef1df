/** Token counts by rule of thumb: for usage that the model service did not tell, or that is due before it could. */

import type { AssistantPart, Conversation, UserPart } from './conversation.ts'
import { unreachable } from './unreachable.ts'

/** English text and code run near four bytes a token; CJK text near four too, as its characters take three bytes. */
const BYTES_PER_TOKEN = 4
/** What an image of usual size costs; its pixels are not looked at. */
const IMAGE_TOKENS = 1_500

export function estimateTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text))
}

/** Rounded up, so that whatever has a byte has a token. */
export function tokensOfBytes(byteCount: number): number {
  return Math.ceil(byteCount / BYTES_PER_TOKEN)
}

/** What the prompt costs: system prompt, turns and tools. Earlier thinking is free, as services do not read it again. */
export function estimateInputTokens(conversation: Conversation): number {
  let tokens = estimateTokens(conversation.system)
  for (const turn of conversation.turns) {
    for (const part of turn.parts) tokens += tokensOfPart(part)
  }
  for (const tool of conversation.tools) {
    tokens += estimateTokens(tool.name) + estimateTokens(tool.description)
    tokens += estimateTokens(JSON.stringify(tool.inputSchema))
  }
  return tokens
}

function tokensOfPart(part: UserPart | AssistantPart): number {
  switch (part.kind) {
    case 'text':
      return estimateTokens(part.text)
    case 'image':
    case 'image-link':
      return IMAGE_TOKENS
    case 'document':
      return tokensOfBytes((part.base64.length * 3) / 4)
    case 'tool-use':
      return estimateTokens(part.name) + estimateTokens(JSON.stringify(part.input))
    case 'tool-result':
      return part.content.reduce((tokens, piece) => tokens + tokensOfPart(piece), 0)
    case 'thinking':
    case 'redacted-thinking':
      return 0
    default:
      return unreachable(part)
  }
}
