import { describe, expect, it } from 'vitest'
import type { AccessRequest, RouteKind } from './access-request.ts'
import { decideAccess, type Stance } from './decide-access.ts'
import type { RequestHeaders } from './request-headers.ts'
import { sampleRequest } from './sample-request.ts'

const fresh: Stance = {
  boundToLoopback: true,
  keysExist: false,
  openApiAllowed: false,
  allowedOrigins: [],
  passwordExists: false,
  localModeEndedAt: undefined,
}

/** The decision in a word: what is demanded, or the refusal with the variables that its line names. */
function outcome(request: Partial<AccessRequest>, stance: Partial<Stance> = {}): string {
  const decision = decideAccess(sampleRequest(request), { ...fresh, ...stance })
  if (decision.kind !== 'refuse') return decision.kind
  return [decision.failure, ...new Set(decision.message.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g))].join(' ')
}

const withHeaders = (headers: RequestHeaders, host = 'localhost:8000'): Partial<AccessRequest> => ({
  hosts: [host],
  headers: { host, ...headers },
})
const fromElsewhere = { connection: { ...sampleRequest().connection, remoteAddress: '192.168.1.9' } }

describe('decideAccess', () => {
  const needsPassword = 'overloaded-here ADMIN_PASSWORD'
  const needsKey = 'forbidden OPENAI_KEYS ALLOW_OPEN_API'
  it.each<[boolean, boolean, boolean, boolean, string, string]>([
    // loopback, keys, ALLOW_OPEN_API, password → /v1, /v2
    [true, false, false, false, 'allow', 'demand-own-user'],
    [true, false, false, true, 'allow', 'demand-operator'],
    [true, false, true, false, 'allow', 'demand-own-user'],
    [true, false, true, true, 'allow', 'demand-operator'],
    [true, true, false, false, 'demand-key', 'demand-own-user'],
    [true, true, false, true, 'demand-key', 'demand-operator'],
    [true, true, true, false, 'demand-key', 'demand-own-user'],
    [true, true, true, true, 'demand-key', 'demand-operator'],
    [false, false, false, false, needsKey, needsPassword],
    [false, false, false, true, needsKey, 'demand-operator'],
    [false, false, true, false, 'allow', needsPassword],
    [false, false, true, true, 'allow', 'demand-operator'],
    [false, true, false, false, 'demand-key', needsPassword],
    [false, true, false, true, 'demand-key', 'demand-operator'],
    [false, true, true, false, 'demand-key', needsPassword],
    [false, true, true, true, 'demand-key', 'demand-operator'],
  ])(
    'for a plain local request: loopback %s, keys %s, ALLOW_OPEN_API %s, password %s → %s, %s',
    (boundToLoopback, keysExist, openApiAllowed, passwordExists, model, operator) => {
      const stance = { boundToLoopback, keysExist, openApiAllowed, passwordExists }
      expect(outcome({ route: 'model' }, stance)).toBe(model)
      expect(outcome({ route: 'operator' }, stance)).toBe(operator)
      expect(outcome({ route: 'public' }, stance)).toBe('allow')
    },
  )

  const hosts = ['localhost', 'LOCALHOST:8000', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8000']
  it.each(hosts)('takes Host %s for this machine', (host) => {
    expect(outcome({ hosts: [host] })).toBe('demand-own-user')
    expect(outcome({ route: 'model', hosts: [host] })).toBe('allow')
  })

  const detours: [string, Partial<AccessRequest>][] = [
    ...[
      'example.com',
      'localhost.example.com',
      'localhost.',
      'evil-localhost',
      '127.0.0.1.nip.io',
      '127.0.0.1:8000:1',
      '127.0.0.2',
      '127.1',
      '2130706433',
      '192.168.0.1',
      '0.0.0.0',
      '[::2]',
      '[::ffff:127.0.0.1]',
      'user@localhost',
      'localhost,evil.com',
      'localhost ',
      '',
    ].map((host): [string, Partial<AccessRequest>] => [`Host "${host}"`, { hosts: [host] }]),
    ['no Host', { hosts: [] }],
    ['HTTP/1.0', { httpVersion: '1.0' }],
    ['an absolute target elsewhere', { target: 'http://example.com/v2/accounts' }],
    ['an absolute target with a user', { target: 'http://localhost@example.com/v2/accounts' }],
    ['another machine', fromElsewhere],
    ['no peer at all', { connection: {} }],
    ...[
      'x-forwarded-for',
      'x-forwarded-anything',
      'forwarded',
      'via',
      'x-real-ip',
      'cf-connecting-ip',
      'cf-ray',
    ].map((name): [string, Partial<AccessRequest>] => [name, withHeaders({ [name]: '' })]),
  ]
  it.each(detours)('takes %s for no request straight from this machine', (_, request) => {
    expect(outcome(request)).toBe('forbidden ADMIN_PASSWORD')
    expect(outcome({ route: 'model', ...request })).toBe('forbidden OPENAI_KEYS')
  })

  it.each(detours)('does not mind %s where a key or a password is demanded', (_, request) => {
    const stance = { keysExist: true, passwordExists: true }
    for (const boundToLoopback of [true, false]) {
      expect(outcome({ route: 'model', ...request }, { ...stance, boundToLoopback })).toBe('demand-key')
      expect(outcome(request, { ...stance, boundToLoopback })).toBe('demand-operator')
      expect(outcome({ route: 'public', ...request }, { ...fresh, boundToLoopback })).toBe('allow')
    }
  })

  it.each(detours)('serves %s with ALLOW_OPEN_API', (_, request) => {
    expect(outcome({ route: 'model', ...request }, { openApiAllowed: true })).toBe('allow')
  })

  it.each<[string, string, RequestHeaders]>([
    ['another origin', 'GET', { origin: 'https://example.com' }],
    ['another port', 'GET', { origin: 'http://localhost:3000' }],
    ['an opaque origin', 'GET', { origin: 'null' }],
    ['an origin twice', 'GET', { origin: 'http://localhost:8000, http://localhost:8000' }],
    ['a cross-site fetch', 'GET', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site fetch', 'GET', { 'sec-fetch-site': 'same-site' }],
    ['a label twice', 'GET', { 'sec-fetch-site': 'same-origin, same-origin' }],
    ['a label that is empty', 'GET', { 'sec-fetch-site': '' }],
    ['a typed address that would change something', 'POST', { 'sec-fetch-site': 'none' }],
  ])('refuses %s unless a key is demanded', (_, method, headers) => {
    const request = { ...withHeaders(headers), method }
    expect(outcome(request)).toBe('forbidden ADMIN_PASSWORD')
    expect(outcome(request, { passwordExists: true })).toMatch(/^forbidden/)
    expect(outcome({ route: 'model', ...request })).toBe('forbidden OPENAI_KEYS')
    expect(outcome({ route: 'model', ...request }, { openApiAllowed: true })).toBe('forbidden OPENAI_KEYS')
    expect(outcome({ route: 'model', ...request }, { keysExist: true })).toBe('demand-key')
  })

  it.each<[string, string, RequestHeaders]>([
    ['its own pages', 'POST', { origin: 'http://localhost:8000', 'sec-fetch-site': 'same-origin' }],
    ['its own pages, unlabelled', 'POST', { origin: 'http://localhost:8000' }],
    ['a typed address', 'GET', { 'sec-fetch-site': 'none' }],
  ])('lets %s in', (_, method, headers) => {
    const request = { ...withHeaders(headers), method }
    expect(outcome(request)).toBe('demand-own-user')
    expect(outcome(request, { passwordExists: true })).toBe('demand-operator')
    expect(outcome({ route: 'model', ...request })).toBe('allow')
  })

  it('lets the pages of a listed origin use open models, not manage accounts', () => {
    const request = withHeaders({ origin: 'https://chat.example', 'sec-fetch-site': 'cross-site' })
    const stance = { allowedOrigins: ['https://chat.example'] }
    expect(outcome({ route: 'model', ...request }, stance)).toBe('allow')
    expect(outcome(request, stance)).toBe('forbidden ADMIN_PASSWORD')
  })

  it('knows its own pages behind a proxy that ends TLS', () => {
    const own = withHeaders({ origin: 'https://gateway.example' }, 'gateway.example')
    expect(outcome(own, { passwordExists: true })).toBe('demand-operator')
  })

  it('serves nobody without a password once local mode has ended', () => {
    const stance = { localModeEndedAt: '2026-11-22T10:00:00.000Z' }
    expect(outcome({}, stance)).toBe('forbidden ADMIN_PASSWORD')
    expect(outcome({}, { ...stance, passwordExists: true })).toBe('demand-operator')
    expect(outcome({ route: 'model' }, stance)).toBe('allow')
  })

  it.each<RouteKind>(['public', 'model', 'operator'])('S4: refuses two Hosts on a %s route', (route) => {
    const stance = { keysExist: true, passwordExists: true }
    expect(outcome({ route, hosts: ['localhost', 'localhost'] }, stance)).toBe('invalid-request')
  })
})
