/**
 * What a page says travels with the client as `encrypted_content`, which clients hand back unread. At Anthropic that is
 * sealed; here there is nothing to hide, and nobody to deceive: it is the client's own conversation.
 */
const PREFIX = 'aqueduct1.'

export function sealExcerpt(excerpt: string): string {
  return PREFIX + Buffer.from(excerpt).toString('base64url')
}

/** Empty for what is not ours. */
export function openExcerpt(sealed: unknown): string {
  if (typeof sealed !== 'string' || !sealed.startsWith(PREFIX)) return ''
  return Buffer.from(sealed.slice(PREFIX.length), 'base64url').toString()
}
