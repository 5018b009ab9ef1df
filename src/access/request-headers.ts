/** Headers as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/** A header's one value; undefined when it is absent or came more than once. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/**
 * The secret of `Authorization: Bearer SECRET`. Node reads header bytes as Latin-1; programs write a password that is
 * not ASCII as UTF-8.
 */
export function bearerOf(headers: RequestHeaders): string | undefined {
  const secret = /^bearer +(.*\S)\s*$/i.exec(headerOf(headers, 'authorization') ?? '')?.[1]
  return secret === undefined ? undefined : Buffer.from(secret, 'latin1').toString('utf8')
}
