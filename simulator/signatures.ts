/** The seals on a model's thinking: only the account and the model that made it can show it again. */
import { createHmac } from 'node:crypto'
import type { ReasoningContent } from './rules/shape.ts'

export interface Author {
  accountId: string
  modelId: string
}

export interface Signatures {
  /** Of a text that was thought, which is empty when it was not shown. */
  sign(text: string, author: Author): string
  /** Base64 that hides the text and carries its own seal. */
  redact(text: string, author: Author): string
  isGenuine(reasoning: ReasoningContent, author: Author): boolean
}

export function createSignatures(key: Uint8Array): Signatures {
  function seal(purpose: string, content: string, { accountId, modelId }: Author): string {
    const sealed = JSON.stringify([purpose, accountId, modelId, content])
    return createHmac('sha256', key).update(sealed).digest('base64url')
  }

  const sign = (text: string, author: Author) => `sig.${seal('text', text, author)}`

  function sealRedacted(hidden: string, author: Author): string {
    return Buffer.from(`${hidden}.${seal('redacted', hidden, author)}`).toString('base64')
  }

  return {
    sign,
    redact: (text, author) => sealRedacted(seal('hidden', text, author), author),
    isGenuine({ reasoningText, redactedContent }, author) {
      if (reasoningText !== undefined) return reasoningText.signature === sign(reasoningText.text, author)
      if (redactedContent === undefined) return false
      const [hidden = ''] = Buffer.from(redactedContent, 'base64').toString('latin1').split('.')
      return redactedContent === sealRedacted(hidden, author)
    },
  }
}
