/** Which of the operator's proxies a call goes through. */
import { createNoProxyList } from './no-proxy.ts'

export interface OperatorProxies {
  /** For every call that no other setting is about. */
  httpProxy?: string | undefined
  /** For https calls, in place of `httpProxy`. */
  httpsProxy?: string | undefined
  /** See createNoProxyList. */
  noProxy?: string | undefined
}

/** Answers undefined for a call that goes directly. */
export function createProxyChoice({
  httpProxy,
  httpsProxy = httpProxy,
  noProxy = '',
}: OperatorProxies): (url: URL) => string | undefined {
  const isException = createNoProxyList(noProxy)
  return (url) => {
    if (isException(url)) return undefined
    return url.protocol === 'https:' ? httpsProxy : httpProxy
  }
}
