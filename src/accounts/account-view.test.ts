import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../conversation/conversation.ts'
import { viewAccount } from './account-view.ts'
import { sampleAccount } from './sample-account.ts'

describe('viewAccount', () => {
  it('shows an account under the public names, with times to the second', () => {
    const account = sampleAccount('a', {
      label: 'first',
      lastRefresh: { status: 'success', at: new Date('2026-11-22T10:05:59.999Z') },
      expiresAt: new Date('2026-11-22T11:05:59.999Z'),
      strikes: 2.5,
      successes: 7,
      profileArn: 'arn',
      fingerprints: { clientSecret: 'c0ffee00', refreshToken: 'c0ffee01' },
    })
    expect(viewAccount(account)).toEqual({
      id: 'a',
      label: 'first',
      clientId: 'client-1',
      other: null,
      last_refresh_time: '2026-11-22T10:05:59Z',
      last_refresh_status: 'success',
      created_at: '2026-11-22T10:00:00Z',
      updated_at: '2026-11-22T10:00:00Z',
      enabled: true,
      error_count: 2,
      success_count: 7,
      expires_at: '2026-11-22T11:05:59Z',
      hasClientSecret: true,
      hasRefreshToken: true,
      hasAccessToken: false,
      fingerprints: { clientSecret: 'c0ffee00', refreshToken: 'c0ffee01', accessToken: null },
      readable: true,
      channel: 'q-json',
      region: 'us-east-1',
      signInRegion: 'eu-west-1',
      profileArn: 'arn',
    })
  })

  it('shows null for what an account does not have', () => {
    expect(viewAccount(sampleAccount('a'))).toMatchObject({
      label: null,
      last_refresh_time: null,
      last_refresh_status: 'never',
      expires_at: null,
      profileArn: null,
    })
  })

  it.each<[JsonValue]>([
    ['a note'],
    [12],
    [false],
    [{ startUrl: 'https://x.awsapps.com/start', tags: ['a', null, { team: 'blue' }], keyboard: 1 }],
    ['{"note":"kept"}'],
    ['[not json'],
  ])('shows the harmless %j as it is', (other) => {
    expect(viewAccount(sampleAccount('a', { other })).other).toEqual(other)
  })

  it.each<[JsonValue, JsonValue]>([
    [
      { refreshToken: 'x', api_key: 'x', Password: 1, cookies: ['x'], nested: [{ client_secret: {} }] },
      {
        refreshToken: '[hidden]',
        api_key: '[hidden]',
        Password: '[hidden]',
        cookies: '[hidden]',
        nested: [{ client_secret: '[hidden]' }],
      },
    ],
    ['{"accessToken":"x","note":"kept"}', '{"accessToken":"[hidden]","note":"kept"}'],
    [`copied: aor${'A'.repeat(40)}`, '[hidden]'],
    [{ note: `eyJ${'a'.repeat(20)}.eyJ` }, { note: '[hidden]' }],
    ['-----BEGIN PRIVATE KEY-----', '[hidden]'],
    ['[not json, "AKIAABCDEFGHIJKLMNOP"', '[hidden]'],
  ])('hides the secrets of %j', (other, shown) => {
    expect(viewAccount(sampleAccount('a', { other })).other).toEqual(shown)
  })
})
