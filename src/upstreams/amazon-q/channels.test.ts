import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../conversation/failures.ts'
import { channelOf, urlOf, userAgentOf } from './channels.ts'

const profileIn = (region: string) => `arn:aws:codewhisperer:${region}:1:profile/X`

describe('the channel q-json', () => {
  const access = { accountId: 'account-1', accessToken: 't', channel: 'q-json', region: 'us-east-1' }

  it.each([
    ['its region', access, undefined, 'https://q.us-east-1.amazonaws.com/'],
    [
      'another region',
      { ...access, region: 'eu-central-1' },
      undefined,
      'https://q.eu-central-1.amazonaws.com/',
    ],
    [
      'a region without service',
      { ...access, region: 'ap-southeast-2' },
      undefined,
      'https://q.us-east-1.amazonaws.com/',
    ],
    [
      "its profile's region before its own",
      { ...access, profileArn: profileIn('eu-central-1') },
      undefined,
      'https://q.eu-central-1.amazonaws.com/',
    ],
    ['an endpoint of the operator', access, 'http://127.0.0.1:9000', 'http://127.0.0.1:9000/'],
  ])('is reached by %s', (_name, account, endpoint, url) => {
    expect(urlOf(channelOf('q-json'), account, endpoint).href).toBe(url)
  })
})

describe('the channel q-rest', () => {
  it('is reached at the same hosts, by a path of its own', () => {
    const access = { accountId: 'account-1', accessToken: 't', channel: 'q-rest', region: 'eu-central-1' }
    expect(urlOf(channelOf('q-rest'), access, undefined).href).toBe(
      'https://q.eu-central-1.amazonaws.com/generateAssistantResponse',
    )
  })
})

describe('channelOf', () => {
  it.each(['', 'nope', 'constructor'])('refuses %j and names the known ones', (name) => {
    expect(() => channelOf(name)).toThrow(GatewayError)
    expect(() => channelOf(name)).toThrow('q-json')
  })
})

describe('userAgentOf', () => {
  it('says what this program is, and claims to be nothing else', () => {
    const userAgent = userAgentOf({ version: '1.2.3', platform: 'linux', nodeVersion: 'v24.21.0' })
    expect(userAgent).toBe(
      'aqueduct/1.2.3 ua/2.1 os/linux lang/js md/nodejs#24.21.0 api/codewhispererstreaming app/aqueduct',
    )
  })
})
