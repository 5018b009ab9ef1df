import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { toGatewayError } from '../conversation/failures.ts'
import { openSettings } from './live-settings.ts'
import { createSampleStore } from './sample-store.ts'
import { createSettingsDesk, type SettingChanges } from './settings-desk.ts'

const by = { kind: 'operator', via: 'password' } as const

async function open(stored: Record<string, string> = {}, environment: Record<string, string> = {}) {
  const memory = createSampleStore(stored)
  const live = await openSettings({ config: readConfig(environment), store: memory.store, warn: () => {} })
  const desk = createSettingsDesk({ live, store: memory.store })
  const find = async (name: string) => (await desk.view()).settings.find((each) => each.name === name)
  const refusalOf = async (changes: SettingChanges) => {
    try {
      await desk.change(0, changes, by)
      return 'changed'
    } catch (error) {
      const { message, field } = toGatewayError(error).failure
      return `${field}: ${message}`
    }
  }
  return { ...memory, live, desk, find, refusalOf }
}

describe('what is shown of a setting', () => {
  it('is its default where nobody sets it', async () => {
    const { find } = await open()
    expect(await find('ACCOUNT_WAIT_SECONDS')).toMatchObject({
      value: '5',
      default: '5',
      source: 'default',
      isSet: false,
      applies: 'at-once',
      unit: 'seconds',
      kind: { type: 'number', least: 0, most: 7 },
    })
  })

  it('is what the environment says, in one way of writing it', async () => {
    const { find } = await open({}, { STICKY_SESSIONS: 'FALSE', MODEL_ALIASES: 'a=x,b = y' })
    expect(await find('STICKY_SESSIONS')).toMatchObject({ value: 'false', source: 'environment' })
    expect(await find('MODEL_ALIASES')).toMatchObject({ value: 'a=x, b=y', default: '' })
  })

  it('is what was set in the console, or why that does not count', async () => {
    const { find, desk } = await open(
      { MAX_ERROR_COUNT: '7', BREAKER_ACCOUNTS: 'none', LOG_LEVEL: 'warn', GONE: 'x' },
      { LOG_LEVEL: 'info' },
    )
    expect(await find('MAX_ERROR_COUNT')).toMatchObject({ value: '7', source: 'console', inConsole: '7' })
    expect(await find('MAX_CONCURRENT_REQUESTS')).toMatchObject({ inConsole: null, isInConsole: false })
    const misfit = await find('BREAKER_ACCOUNTS')
    expect(misfit).toMatchObject({ value: '3', source: 'default', inConsole: 'none' })
    expect(misfit?.problem).toContain('must be a number')
    expect(await find('LOG_LEVEL')).toMatchObject({ value: 'info', source: 'environment', inConsole: 'warn' })
    expect((await desk.view()).unknown.map(({ name }) => name)).toEqual(['GONE'])
  })

  it('is never a secret', async () => {
    const secrets = {
      ADMIN_PASSWORD: 'canary-1',
      OPENAI_KEYS: 'canary-2-0123456789',
      HTTPS_PROXY: 'http://name:canary-3@127.0.0.1:9',
      DATABASE_URL: 'postgres://a:canary-4@localhost/b',
      WEB_SEARCH_API_KEY: 'canary-5',
      MASTER_KEY: 'canary-6',
      MASTER_KEY_PREVIOUS: 'canary-7',
      ADMIN_PASSWORD_HASH: 'canary-8',
    }
    const { desk, find } = await open(secrets, secrets)
    expect(JSON.stringify(await desk.view())).not.toContain('canary')
    expect(await find('ADMIN_PASSWORD')).toMatchObject({
      value: null,
      isSet: true,
      inConsole: null,
      isInConsole: true,
    })
  })
})

const subject = (id: string) => ({ kind: 'setting', id })

describe('a change', () => {
  it('holds at once, is recorded with before and after, and goes back to the default by null', async () => {
    const { desk, live, find, happenings } = await open({ LOG_LEVEL: 'warn' })
    const changes = { MAX_ERROR_COUNT: '07', LOG_LEVEL: null, BREAKER_ACCOUNTS: null }
    expect(await desk.change(0, changes, by)).toBe(true)
    expect(live.current()).toMatchObject({ maxErrorCount: 7, logLevel: 'info' })
    expect(await find('MAX_ERROR_COUNT')).toMatchObject({ value: '7', inConsole: '7' })
    expect(happenings).toEqual([
      {
        kind: 'setting-changed',
        actor: by,
        subject: subject('MAX_ERROR_COUNT'),
        before: { value: null },
        after: { value: '7' },
      },
      {
        kind: 'setting-changed',
        actor: by,
        subject: subject('LOG_LEVEL'),
        before: { value: 'warn' },
        after: { value: null },
      },
    ])
  })

  it('says what will hold after a restart', async () => {
    const { desk, find } = await open()
    await desk.change(0, { CONNECT_TIMEOUT_SECONDS: '9' }, by)
    expect(await find('CONNECT_TIMEOUT_SECONDS')).toMatchObject({ value: '5', pending: { value: '9' } })
    await desk.change(1, { CONNECT_TIMEOUT_SECONDS: null }, by)
    expect(await find('CONNECT_TIMEOUT_SECONDS')).toMatchObject({ value: '5', pending: undefined })
  })

  it('to what somebody has changed meanwhile is none', async () => {
    const { desk, set, live } = await open()
    set('MAX_ERROR_COUNT', '8')
    expect(await desk.change(0, { MAX_ERROR_COUNT: '9' }, by)).toBe(false)
    expect(live.current().maxErrorCount).toBe(8)
  })

  it.each([
    [{ MAX_ERROR_COUNT: '0' }, 'MAX_ERROR_COUNT: MAX_ERROR_COUNT must be a number from 1 to 1000000.'],
    [{ MAX_ERROR_COUNT: '  ' }, 'MAX_ERROR_COUNT: MAX_ERROR_COUNT must not be empty'],
    [{ CORS_ORIGINS: ' , ' }, 'CORS_ORIGINS: CORS_ORIGINS must not be empty'],
    [{ ACCOUNT_STRATEGY: 'best' }, 'ACCOUNT_STRATEGY: ACCOUNT_STRATEGY must be one of'],
    [{ LOG_LEVEL: 'debug' }, 'LOG_LEVEL: LOG_LEVEL is set in the environment'],
    [
      { OIDC_ENDPOINT: 'https://a.example' },
      'OIDC_ENDPOINT: OIDC_ENDPOINT can be set in the environment alone',
    ],
    [{ HTTP_PROXY: 'http://127.0.0.1:1' }, 'HTTP_PROXY: HTTP_PROXY can be set in the environment alone'],
    [{ NO_SUCH: '1' }, 'NO_SUCH: NO_SUCH is not known'],
    [{ MAX_CONNECTIONS_PER_ADDRESS: '1' }, 'MAX_CONNECTIONS_PER_ADDRESS must be 0 or at least 8 here'],
    [{ BODY_TIMEOUT_SECONDS: '0.001' }, 'BODY_TIMEOUT_SECONDS must be at least 1 here'],
    [{ HEADERS_TIMEOUT_SECONDS: '0.5' }, 'HEADERS_TIMEOUT_SECONDS must be at least 1 here'],
    [{ MAX_BODY_MEGABYTES: '0.001' }, 'MAX_BODY_MEGABYTES must be at least 0.01 here'],
    [{ MAX_BUFFERED_MEGABYTES: '0.001' }, 'MAX_BUFFERED_MEGABYTES must be at least 0.01 here'],
    [{ MAX_CONCURRENT_REQUESTS: '1' }, 'MAX_CONCURRENT_REQUESTS: MAX_CONCURRENT_REQUESTS does not go with'],
  ])('like %j is refused whole', async (wrong, refusal) => {
    const { refusalOf, state } = await open({}, { LOG_LEVEL: 'info', WORKERS: '2' })
    expect(await refusalOf({ BREAKER_ACCOUNTS: '4', ...wrong })).toContain(refusal)
    expect([state.revision, state.values.size]).toEqual([0, 0])
  })

  it('may lift a limit, and what the environment may say is no less for that', async () => {
    const { desk, find } = await open({}, { BODY_TIMEOUT_SECONDS: '0.2' })
    expect(await desk.change(0, { MAX_CONNECTIONS_PER_ADDRESS: '0' }, by)).toBe(true)
    expect(await find('MAX_CONNECTIONS_PER_ADDRESS')).toMatchObject({ value: '0', source: 'console' })
    expect(await find('BODY_TIMEOUT_SECONDS')).toMatchObject({ value: '0.2', source: 'environment' })
  })

  it('takes away what is no setting of this version, or one of the environment alone', async () => {
    const left = { GONE: 'x', OIDC_ENDPOINT: 'https://a.example', HTTP_PROXY: 'http://a:canary@b:1' }
    const { desk, state, happenings } = await open(left)
    const away = Object.fromEntries(Object.keys(left).map((name) => [name, null]))
    expect(await desk.change(0, away, by)).toBe(true)
    expect([state.values.size, happenings.length]).toEqual([0, 3])
    expect(JSON.stringify(happenings)).not.toContain('canary')
  })
})
