/** Headers as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/** A header's one value; undefined when it is absent or came more than once. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** A header that carries a secret. Node reads its bytes as Latin-1; programs write what is not ASCII as UTF-8. */
export function secretOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headerOf(headers, name)
  return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8')
}

/** The secret of `Authorization: Bearer SECRET`. */
export function bearerOf(headers: RequestHeaders): string | undefined {
  const credentials = secretOf(headers, 'authorization') ?? ''
  const scheme = /^bearer +/i.exec(credentials)?.[0]
  // Cut by hand: an expression that also finds the end takes the square of the time on a header of blanks.
  const secret = scheme === undefined ? '' : credentials.slice(scheme.length).trimEnd()
  return secret === '' ? undefined : secret
}
