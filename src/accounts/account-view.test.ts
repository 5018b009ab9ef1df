import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../conversation/conversation.ts'
import { defaultSettings, type Account } from './account.ts'
import { viewAccount } from './account-view.ts'
import { sampleAccount } from './sample-account.ts'
import type { AccountStatus } from './status.ts'

const NOW = Date.parse('2026-11-22T10:30:00Z')

describe('viewAccount', () => {
  it('shows an account under the public names, with times to the second', () => {
    const account = sampleAccount('a', {
      label: 'first',
      lastRefresh: { status: 'success', at: new Date('2026-11-22T10:05:59.999Z') },
      expiresAt: new Date('2026-11-22T11:05:59.999Z'),
      strikes: 2.5,
      successes: 7,
      profileArn: 'arn',
      startUrl: 'https://view.awsapps.com/start',
      identity: { userId: 'd-9067642ac7.1234-5678', email: 'somebody@example.com', plan: 'Q PRO' },
      registrationExpiresAt: new Date('2027-02-20T10:00:00Z'),
      settings: {
        tags: ['blue'],
        weight: 2,
        priority: 1,
        concurrencyLimit: 4,
        models: ['claude-sonnet-4.5'],
        profile: 'auto',
        origin: 'CLI',
        optsOut: false,
      },
      fingerprints: { clientSecret: 'c0ffee00', refreshToken: 'c0ffee01' },
    })
    expect(viewAccount(account, NOW)).toEqual({
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
      hasProxyUrl: false,
      fingerprints: { clientSecret: 'c0ffee00', refreshToken: 'c0ffee01', accessToken: null, proxyUrl: null },
      readable: true,
      channel: 'q-json',
      region: 'us-east-1',
      signInRegion: 'eu-west-1',
      profileArn: 'arn',
      profileInUse: 'arn',
      startUrl: 'https://view.awsapps.com/start',
      identity: { userId: 'd-90…5678', email: 'so…@example.com', plan: 'Q PRO' },
      registrationExpiresAt: '2027-02-20T10:00:00Z',
      warnings: [],
      origin: 'CLI',
      optOut: false,
      tags: ['blue'],
      weight: 2,
      priority: 1,
      concurrencyLimit: 4,
      models: ['claude-sonnet-4.5'],
      status: { kind: 'ready', until: null, by: null, why: { code: 'ready' }, message: 'Ready.' },
      pausedUntil: null,
      unsteadySince: null,
      quota: null,
    })
  })

  it('shows null for what an account does not have', () => {
    expect(viewAccount(sampleAccount('a'), NOW)).toMatchObject({
      label: null,
      last_refresh_time: null,
      last_refresh_status: 'never',
      expires_at: null,
      profileArn: 'auto',
      profileInUse: null,
      identity: null,
      startUrl: null,
      registrationExpiresAt: null,
      concurrencyLimit: null,
      models: null,
    })
  })

  it.each<[Partial<Account>, string]>([
    [{ learnedProfile: { kind: 'none' } }, 'none'],
    [{ learnedProfile: { kind: 'arn', arn: 'learned' } }, 'learned'],
    [
      {
        learnedProfile: { kind: 'arn', arn: 'learned' },
        settings: { ...defaultSettings, profile: 'none' },
      },
      'none',
    ],
    [{ learnedProfile: { kind: 'none' }, profileArn: 'explicit' }, 'explicit'],
  ])('tells the profile that requests name: %#', (changes, profileInUse) => {
    expect(viewAccount(sampleAccount('a', changes), NOW)).toMatchObject({ profileInUse })
  })

  it.each<[AccountStatus, object]>([
    [
      { kind: 'cooling', until: new Date('2026-11-22T10:31:00Z'), why: 'throttled' },
      { kind: 'cooling', until: '2026-11-22T10:31:00Z', by: null },
    ],
    [
      { kind: 'cooling', until: new Date(NOW), why: 'throttled' },
      { kind: 'ready', until: null },
    ],
    [
      { kind: 'parked', why: 'Suspended.' },
      { kind: 'parked', message: expect.stringContaining('Suspended.') },
    ],
    [
      { kind: 'disabled', by: 'threshold', at: new Date(NOW) },
      {
        kind: 'disabled',
        by: 'threshold',
        message: expect.stringMatching(/next try is due at .*Z; a success/),
      },
    ],
    [
      { kind: 'disabled', by: 'threshold', at: new Date(0), failedProbes: 2, lastFailedAt: new Date(0) },
      {
        message: expect.stringMatching(/tried since, 2 times\. The next try is due at 1970-01-01T01:00:00Z/),
      },
    ],
    [
      { kind: 'cooling', until: new Date('2026-11-22T10:31:00Z'), why: 'failing' },
      { message: 'Resting after several failures in a row, until 2026-11-22T10:31:00Z.' },
    ],
  ])('shows the status %o', (status, shown) => {
    const view = viewAccount(sampleAccount('a', { status }), NOW)
    expect(view.status).toMatchObject(shown)
    expect(view.enabled).toBe(status.kind !== 'disabled')
  })

  it('shows of a proxy only that it is there', () => {
    const proxyUrl = 'http://user:canary@proxy:3128'
    const view = viewAccount(sampleAccount('a', { proxyUrl, fingerprints: { proxyUrl: 'c0ffee02' } }), NOW)
    expect(view).toMatchObject({ hasProxyUrl: true, fingerprints: { proxyUrl: 'c0ffee02' } })
    expect(JSON.stringify(view)).not.toContain('canary')
  })

  it.each<[JsonValue]>([
    ['a note'],
    [12],
    [false],
    [{ startUrl: 'https://x.awsapps.com/start', tags: ['a', null, { team: 'blue' }], keyboard: 1 }],
    ['{"note":"kept"}'],
    ['[not json'],
  ])('shows the harmless %j as it is', (other) => {
    expect(viewAccount(sampleAccount('a', { other }), NOW).other).toEqual(other)
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
    [`aor-A_${'A'.repeat(40)}`, '[hidden]'],
    ['sk-a-canary-key', '[hidden]'],
    [{ note: `eyJ${'a'.repeat(20)}.eyJ` }, { note: '[hidden]' }],
    ['-----BEGIN PRIVATE KEY-----', '[hidden]'],
    ['[not json, "AKIAABCDEFGHIJKLMNOP"', '[hidden]'],
    [`${'{"a":'.repeat(20_000)}{"password":"x"}${'}'.repeat(20_000)}`, '[hidden]'],
  ])('hides the secrets of %j', (other, shown) => {
    expect(viewAccount(sampleAccount('a', { other }), NOW).other).toEqual(shown)
  })
})
