/** Where the link of a sign-in leads, and whether it is offered: whoever follows a wrong one would type credentials there. */
import { isSignInLink, loopbackOrigin } from '../../../src/sign-in/aws-links.ts'

export type LinkJudgement =
  | { kind: 'aws'; host: string }
  /** A simulator's page on this machine, which is believed of a gateway on this machine alone. */
  | { kind: 'simulated'; host: string }
  | { kind: 'refused'; host: string }

/** `pageHost`: without the port, of the address that the console itself was opened under. */
export function judgeLink(link: string, pageHost: string): LinkJudgement {
  const url = URL.parse(link)
  const host = url === null || url.host === '' ? link.slice(0, 100) : url.host
  if (isSignInLink(link, undefined)) return { kind: 'aws', host }
  const isOnPagesMachine = loopbackOrigin(`http://${pageHost}`) !== undefined
  const isPage = url?.protocol === 'http:' || url?.protocol === 'https:'
  const isSimulated = isOnPagesMachine && isPage && isSignInLink(link, loopbackOrigin(link))
  return { kind: isSimulated ? 'simulated' : 'refused', host }
}
