import { describe, expect, it } from 'vitest'
import { headersAboutUs, userAgentOf } from './about-us.ts'
import { channelOf } from './channels.ts'

const program = { version: '1.2.3', platform: 'linux', nodeVersion: 'v24.21.0' }

describe('userAgentOf', () => {
  it.each([
    ['q-json', 'codewhispererstreaming'],
    ['q-rest', 'codewhispererstreaming'],
    ['kiro-runtime', 'kiroruntime'],
  ])('says what this program is on %s, and claims to be nothing else', (name, api) => {
    expect(userAgentOf(channelOf(name), program)).toBe(
      `aqueduct/1.2.3 ua/2.1 os/linux lang/js md/nodejs#24.21.0 api/${api} app/aqueduct`,
    )
  })
})

describe('headersAboutUs', () => {
  it.each([true, false])('say whether the account opts out of sharing: %s', (optsOut) => {
    const headers = headersAboutUs(channelOf('q-json'), { optsOut }, { program, invocationId: 'id-1' })
    expect(headers).toMatchObject({
      'x-amzn-codewhisperer-optout': String(optsOut),
      'amz-sdk-invocation-id': 'id-1',
    })
  })
})
