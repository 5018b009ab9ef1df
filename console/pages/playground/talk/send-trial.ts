/** Sends a request in a dialect as the operator, by the session: no key is in the browser. */

interface Trial {
  /** JSON, as it is shown. */
  body: string
  accountId: string
  signal: AbortSignal
}

/** Answers as soon as the answer begins, whatever its status. It may take as long as it likes: somebody watches it. */
export function sendTrial(path: string, { body, accountId, signal }: Trial): Promise<Response> {
  const query = accountId === '' ? '' : `?account_id=${encodeURIComponent(accountId)}`
  return fetch(path + query, {
    method: 'POST',
    cache: 'no-store',
    credentials: 'same-origin',
    redirect: 'error',
    // A page of another origin cannot send the first.
    headers: { 'x-aqueduct-csrf': '1', 'content-type': 'application/json' },
    body,
    signal,
  })
}
