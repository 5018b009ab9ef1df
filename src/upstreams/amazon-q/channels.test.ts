import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../conversation/failures.ts'
import { channels as namedChannels, origins as namedOrigins } from '../../http/admin/contract.ts'
import { channelOf, inquiryUrlOf, originOf, urlOf } from './channels.ts'
import { origins } from './origins.ts'

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

describe('the channel kiro-runtime', () => {
  const channel = channelOf('kiro-runtime')
  const access = { accountId: 'account-1', accessToken: 't', channel: 'kiro-runtime', region: 'us-east-1' }

  it('has its answers at one host and what it tells of accounts at another', () => {
    const place = { ...access, profileArn: profileIn('eu-central-1') }
    expect(urlOf(channel, place, undefined).href).toBe('https://runtime.eu-central-1.kiro.dev/')
    const asked = { endpoint: undefined, region: 'eu-central-1' }
    expect(inquiryUrlOf(channel, 'ListAvailableProfiles', asked).href).toBe(
      'https://management.eu-central-1.kiro.dev/List-Available-Profiles',
    )
  })

  it("keeps its paths at the operator's endpoint", () => {
    const endpoint = 'http://127.0.0.1:9000'
    expect(inquiryUrlOf(channel, 'GetUsageLimits', { endpoint, region: 'us-east-1' }).href).toBe(
      'http://127.0.0.1:9000/Get-Usage-Limits',
    )
  })
})

describe('inquiries at the hosts of Amazon Q', () => {
  it.each([
    ['q-json', 'ListAvailableProfiles', 'https://q.eu-central-1.amazonaws.com/'],
    ['q-rest', 'ListAvailableProfiles', 'https://q.eu-central-1.amazonaws.com/ListAvailableProfiles'],
    ['q-rest', 'GetUsageLimits', 'https://q.eu-central-1.amazonaws.com/getUsageLimits'],
  ] as const)('of %s: %s goes to %s', (name, inquiry, url) => {
    const asked = { endpoint: undefined, region: 'eu-central-1' }
    expect(inquiryUrlOf(channelOf(name), inquiry, asked).href).toBe(url)
  })
})

describe('originOf', () => {
  it("is the channel's own, unless the account has another", () => {
    expect(originOf(channelOf('q-json'), {})).toBe('KIRO_CLI')
    expect(originOf(channelOf('q-json'), { origin: 'AI_EDITOR' })).toBe('AI_EDITOR')
  })

  it('refuses one that the service does not know, and names the known ones', () => {
    expect(() => originOf(channelOf('q-json'), { origin: 'AQUEDUCT' })).toThrow(/"AQUEDUCT" .*KIRO_CLI/)
  })
})

describe('what operators may choose', () => {
  it('is what the upstream knows', () => {
    for (const name of namedChannels) expect(channelOf(name)).toBeDefined()
    expect(() => channelOf('')).toThrow(`choose one of: ${namedChannels.join(', ')}.`)
    expect(namedOrigins).toEqual(origins)
  })
})
