/** What every request says about this program and about the account's wishes. */
import type { Access } from '../upstream.ts'
import type { Channel } from './channels.ts'

/** This program and what it runs on. */
export interface Program {
  version: string
  platform: string
  nodeVersion: string
}

/** Says what this program is, in the form that the service's logs expect: `name/version` pairs. */
export function userAgentOf({ api }: Pick<Channel, 'api'>, program: Program): string {
  const { version, platform, nodeVersion } = program
  const node = nodeVersion.replace(/^v/, '')
  return `aqueduct/${version} ua/2.1 os/${platform} lang/js md/nodejs#${node} api/${api} app/aqueduct`
}

export function headersAboutUs(
  channel: Channel,
  { optsOut }: Pick<Access, 'optsOut'>,
  { program, invocationId }: { program: Program; invocationId: string },
): Record<string, string> {
  const userAgent = userAgentOf(channel, program)
  return {
    'user-agent': userAgent,
    'x-amz-user-agent': userAgent,
    'x-amzn-codewhisperer-optout': String(optsOut),
    'amz-sdk-invocation-id': invocationId,
  }
}
