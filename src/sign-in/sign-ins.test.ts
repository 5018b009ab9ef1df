import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { approved, openSignInRig, type SignInRig } from '../../test/sign-in-rig.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { DeviceTokenResult } from './create-device-token.ts'
import type { SignIns } from './sign-ins.ts'

const client = { clientId: 'client-9', clientSecret: 'canary-client-secret' }
const never = new AbortController().signal
const pending: DeviceTokenResult = { kind: 'pending' }
const refused = (error: string, description = ''): DeviceTokenResult => ({
  kind: 'refused',
  error,
  description,
})
const unavailable: DeviceTokenResult = { kind: 'unavailable', reason: 'ECONNRESET' }

let rig: SignInRig
let signIns: SignIns
beforeEach(async () => {
  rig = await openSignInRig()
  signIns = rig.startProcess('A')
})
afterEach(() => rig.close())

const pollTimes = () => rig.polls.map(({ seconds }) => seconds)
const accountIds = async () => (await rig.accountStore.list()).map(({ id }) => id)

/** The database refuses it so many times. */
function breakStore(name: 'saveGrant' | 'complete' | 'giveUp', count: number): void {
  const works = rig.store[name]
  let failures = 0
  const breaking = (...given: unknown[]) => {
    failures += 1
    if (failures <= count) return Promise.reject(new Error('The disk is full.'))
    return Reflect.apply(works, undefined, given)
  }
  Object.assign(rig.store, { [name]: breaking })
}

/** A sign-in that is over, with what its person is said to be. */
async function signIn(wishes: Parameters<SignIns['start']>[0] = {}, userId?: string) {
  rig.service.readFacts = async () =>
    userId === undefined ? undefined : { userId, email: `${userId}@x.org` }
  rig.service.answers = [approved()]
  const { authId } = await signIns.start(wishes)
  await rig.advance(3)
  return { authId, ...(await signIns.status(authId)) }
}

describe('a sign-in', () => {
  it('tells its person where to approve what, and no secret', async () => {
    const start = await signIns.start({ label: 'mine' })
    expect(start).toEqual({
      authId: 'sign-in-1',
      verificationUriComplete: 'https://view.awsapps.com/start/#/device?user_code=ABCD-EFGH',
      verificationUri: 'https://view.awsapps.com/start/#/device',
      userCode: 'ABCD-EFGH',
      expiresIn: 300,
      interval: 1,
    })
    const status = await signIns.status(start.authId)
    expect(status).toEqual({
      status: 'pending',
      remaining: 300,
      error: null,
      accountId: null,
      userCode: 'ABCD-EFGH',
      verificationUriComplete: start.verificationUriComplete,
    })
    const list = await signIns.list()
    expect(list).toMatchObject([{ authId: start.authId, label: 'mine', region: 'us-east-1', ...status }])
    rig.service.answers = [approved()]
    await rig.advance(3)
    const later = [await signIns.status(start.authId), await signIns.list()]
    expect(JSON.stringify([start, list, ...later, rig.reported])).not.toContain('canary')
  })

  it.each<[string, DeviceTokenResult[], string, string | null]>([
    ['an approval', [approved()], 'completed', null],
    ['an approval after a while', [pending, pending, approved()], 'completed', null],
    ['an approval without a refresh token', [approved({ refreshToken: undefined })], 'completed', null],
    [
      'trouble on the way',
      [unavailable, { kind: 'own-proxy-failed', reason: '' }, approved()],
      'completed',
      null,
    ],
    ['a request to slow down', [{ kind: 'slow-down' }, approved()], 'completed', null],
    ['a code that has ended', [{ kind: 'expired' }], 'timeout', 'Nobody approved'],
    ['a denial', [refused('access_denied', 'The user said no')], 'error', 'The user said no'],
    ['a dead client', [pending, refused('invalid_client')], 'error', '(invalid_client)'],
    ['any other refusal', [refused('invalid_grant', 'Invalid code')], 'error', 'Invalid code'],
  ])('ends as it should with %s', async (_, answers, status, words) => {
    rig.service.answers = [...answers]
    const { authId } = await signIns.start({})
    await rig.advance(12)
    const view = await signIns.status(authId)
    expect(view).toMatchObject({ status, remaining: 0, userCode: null, verificationUriComplete: null })
    expect(view.error ?? '').toContain(words ?? '')
    expect(await accountIds()).toEqual(status === 'completed' ? [view.accountId] : [])
    expect(rig.polls).toHaveLength(answers.length)
    await rig.advance(30)
    expect(rig.polls).toHaveLength(answers.length)
  })

  it('keeps the interval of the service, and five seconds more each time that it is asked to slow down', async () => {
    rig.service.answers = [pending, { kind: 'slow-down' }, pending, { kind: 'slow-down' }]
    await signIns.start({})
    await rig.advance(40)
    expect(pollTimes()).toEqual([1, 2, 8, 14, 25, 36])
  })

  it('ends after five minutes, however long the code would live', async () => {
    const { authId } = await signIns.start({})
    await rig.advance(299)
    expect(await signIns.status(authId)).toMatchObject({ status: 'pending', remaining: 1 })
    await rig.advance(2)
    expect(await signIns.status(authId)).toMatchObject({ status: 'timeout', remaining: 0 })
    expect(pollTimes().at(-1)).toBe(299)
  })

  it('is forgotten after a day', async () => {
    const { authId } = await signIn()
    rig.clock.advance(86_400_000)
    await rig.settle()
    await rig.advance(16)
    await expect(signIns.status(authId)).rejects.toMatchObject({ failure: { kind: 'not-found' } })
    expect(await signIns.list()).toEqual([])
  })

  it('sets the account up as it was wished', async () => {
    const { accountId } = await signIn(
      { label: 'mine', tags: ['blue'], weight: 3, enabled: false, channel: 'q-rest' },
      'person-1',
    )
    expect(await rig.accountStore.find(accountId ?? '')).toMatchObject({
      label: 'mine',
      settings: { tags: ['blue'], weight: 3 },
      status: { kind: 'disabled', by: 'operator' },
      channel: 'q-rest',
      startUrl: 'https://view.awsapps.com/start',
      signInRegion: 'us-east-1',
      identity: { userId: 'person-1', email: 'person-1@x.org' },
    })
    expect(await rig.accountStore.readCredentials(accountId ?? '')).toEqual({
      clientId: 'client-1',
      clientSecret: 'canary-client-secret',
      accessToken: 'canary-access-token',
      refreshToken: 'canary-refresh-token',
      expiresAt: new Date('2026-11-22T11:00:01Z'),
      registrationExpiresAt: new Date('2027-02-20T10:00:00Z'),
      version: 1,
    })
  })

  it.each<[string, SignInRig['service']['readFacts']]>([
    ['refuses to say', () => Promise.reject(new Error('no'))],
    ['says nothing in time', () => new Promise(() => {})],
  ])('makes the account even when the model service %s', async (_, readFacts) => {
    rig.service.readFacts = readFacts
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(13)
    expect(await signIns.status(authId)).toMatchObject({ status: 'completed' })
    expect(await accountIds()).toHaveLength(1)
  })

  it('leaves no timer behind when the gateway closes', async () => {
    await signIns.start({})
    await rig.advance(2)
    await signIns.close()
    expect(rig.clock.pending()).toBe(0)
  })
})

describe('the beginning', () => {
  it('goes by the region that the service names, once, and registers there', async () => {
    const start = rig.service.startDeviceAuthorization
    rig.service.startDeviceAuthorization = async (request, place) =>
      place.region === 'eu-west-1' ? start(request, place) : { kind: 'other-region', region: 'eu-west-1' }
    await signIns.start({ startUrl: 'https://d-1.awsapps.com/start', region: 'eu-central-1' })
    expect(rig.registered).toEqual([{ region: 'eu-central-1' }, { region: 'eu-west-1' }])
    expect(await signIns.list()).toMatchObject([{ region: 'eu-west-1' }])
  })

  it('gives up when the regions name each other', async () => {
    rig.service.startDeviceAuthorization = async (_, { region }) => ({
      kind: 'other-region',
      region: region === 'eu-west-1' ? 'eu-central-1' : 'eu-west-1',
    })
    const start = signIns.start({ startUrl: 'https://d-1.awsapps.com/start', region: 'eu-central-1' })
    await expect(start).rejects.toMatchObject({ failure: { kind: 'upstream-unavailable' } })
    expect(rig.registered).toHaveLength(2)
  })

  it.each([
    'http://view.awsapps.com/start',
    'javascript:alert(1)//view.awsapps.com',
    'https://evil.example/start',
    'https://view.awsapps.com@evil.example/',
    'https://evilawsapps.com/',
    'http://127.0.0.1:9911/device',
  ])('shows no link like %s, and keeps nothing', async (verificationUri) => {
    const start = rig.service.startDeviceAuthorization
    rig.service.startDeviceAuthorization = async (request, place) => ({
      ...(await start(request, place)),
      verificationUri,
    })
    await expect(signIns.start({})).rejects.toMatchObject({
      failure: { kind: 'upstream-unavailable', message: expect.stringContaining('not of AWS') },
    })
    expect(await signIns.list()).toEqual([])
    await rig.advance(5)
    expect(rig.polls).toEqual([])
  })

  it('tells what the service said', async () => {
    rig.service.registerClient = async () => ({ kind: 'refused', error: 'invalid_scope', description: 'No.' })
    await expect(signIns.start({})).rejects.toMatchObject({
      failure: {
        kind: 'upstream-unavailable',
        message: 'The sign-in did not begin. The sign-in service refused (invalid_scope): No.',
      },
    })
  })

  it('tells what the service said although that cannot be noted', async () => {
    rig.service.registerClient = async () => ({ kind: 'refused', error: 'invalid_scope', description: 'No.' })
    breakStore('giveUp', 1)
    await expect(signIns.start({})).rejects.toMatchObject({
      failure: { message: expect.stringContaining('invalid_scope') },
    })
    expect(rig.reported.map(String)).toEqual(['Error: The disk is full.'])
  })

  it('is no beginning when nothing of it was kept', async () => {
    rig.store.begin = async () => false
    await expect(signIns.start({})).rejects.toMatchObject({
      failure: { kind: 'internal', message: expect.stringContaining('Start it again') },
    })
    await rig.advance(5)
    expect(rig.polls).toEqual([])
  })

  it('wants a start URL with another region', async () => {
    await expect(signIns.start({ region: 'eu-west-1' })).rejects.toMatchObject({
      failure: { kind: 'invalid-request', field: 'startUrl' },
    })
  })

  it('takes ten that wait, and the eleventh when one of them has ended', async () => {
    const starts = await Promise.all(Array.from({ length: 10 }, () => signIns.start({})))
    await rig.advance(20)
    await expect(signIns.start({})).rejects.toMatchObject({
      failure: { kind: 'throttled', retryAfterSeconds: 280 },
    })
    await signIns.cancel(starts[0]?.authId ?? '')
    await signIns.start({})
  })

  it('takes twenty within ten minutes, failed ones included', async () => {
    rig.service.registerClient = async () => ({ kind: 'unavailable', reason: 'down' })
    for (let count = 0; count < 20; count += 1) {
      await expect(signIns.start({})).rejects.toMatchObject({ failure: { kind: 'upstream-unavailable' } })
    }
    rig.clock.advance(60_000)
    await expect(signIns.start({})).rejects.toMatchObject({
      failure: { kind: 'throttled', retryAfterSeconds: 540 },
    })
  })
})

describe('the same person', () => {
  it('is signed in again in place: id, label and statistics stay', async () => {
    const first = await signIn({ label: 'first', tags: ['blue'] }, 'person-1')
    const id = first.accountId ?? ''
    await rig.accountStore.addCounters([{ id, successes: 7, strikes: 2, strikesReset: false }])
    const second = await signIn({}, 'person-1')
    expect(second).toMatchObject({ status: 'completed', accountId: id })
    expect(await accountIds()).toEqual([id])
    expect(await rig.accountStore.find(id)).toMatchObject({
      label: 'first',
      clientId: 'client-2',
      successes: 7,
      settings: { tags: ['blue'] },
      tokenVersion: 2,
      identity: { userId: 'person-1' },
    })
  })

  it('gets what is wished anew', async () => {
    const { accountId } = await signIn({ label: 'first', enabled: false }, 'person-1')
    await signIn({ label: 'second', enabled: true }, 'person-1')
    expect(await rig.accountStore.find(accountId ?? '')).toMatchObject({
      label: 'second',
      status: { kind: 'ready' },
    })
  })

  it('has one account though it signs in twice at once', async () => {
    rig.service.readFacts = async () => ({ userId: 'person-1' })
    await signIns.start({})
    await signIns.start({})
    rig.service.answers = [approved(), approved()]
    await rig.advance(5)
    expect(await accountIds()).toHaveLength(1)
    expect(await signIns.list()).toMatchObject([{ status: 'completed' }, { status: 'completed' }])
  })

  it('brings back an account that needs to be signed in', async () => {
    const { accountId } = await signIn({}, 'person-1')
    const id = accountId ?? ''
    const account = await rig.accountStore.find(id)
    if (account === undefined) throw new Error('There is no account.')
    const since = new Date(rig.clock.now())
    await rig.accountStore.save(
      {
        ...account,
        status: { kind: 'needs-sign-in', why: 'x' },
        backoff: { ...account.backoff, signInRefusals: { count: 3, since } },
      },
      { standing: true },
    )
    await signIn({ accountId: id }, 'person-1')
    expect(await rig.accountStore.find(id)).toMatchObject({
      status: { kind: 'ready' },
      backoff: { throttles: 0, denials: 0 },
    })
    expect((await rig.accountStore.find(id))?.backoff.signInRefusals).toBeUndefined()
  })
})

/** Asked who signed in, the service answers like this, one after another, the last for ever. Answers how often it was asked. */
function answerFacts(...answers: (object | GatewayError | 'silence')[]): () => number {
  let asked = 0
  rig.service.readFacts = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    if (answer instanceof Error) throw answer
    return answer === 'silence' ? new Promise(() => {}) : answer
  }
  return () => asked
}

/** Takes as long as the service may. */
async function signInPatiently(wishes: Parameters<SignIns['start']>[0] = {}) {
  rig.service.answers = [approved()]
  const { authId } = await signIns.start(wishes)
  await rig.advance(13)
  return signIns.status(authId)
}

describe('who has signed in', () => {
  const busy = new GatewayError('throttled', 'Too many.')

  it.each<[string, (GatewayError | 'silence')[]]>([
    ['two refusals for now', [busy, new GatewayError('upstream-unavailable', 'Broken.')]],
    ['one silence', ['silence']],
    ['two silences', ['silence', 'silence']],
  ])('is asked again after %s, so that nobody gets a second account', async (_, failures) => {
    const { accountId } = await signIn({}, 'person-1')
    const asked = answerFacts(...failures, { userId: 'person-1' })
    expect(await signInPatiently()).toMatchObject({ status: 'completed', accountId })
    expect(asked()).toBe(failures.length + 1)
    expect(rig.reported).toEqual([])
  })

  it.each([
    ['three times at most', busy, 3],
    ['once where no is the answer', new GatewayError('access-denied', 'No.'), 1],
  ])('is asked %s', async (_, error, times) => {
    const asked = answerFacts(error)
    expect(await signInPatiently()).toMatchObject({ status: 'completed' })
    expect(asked()).toBe(times)
    expect(rig.reported).toEqual([error])
  })

  it('is known on when nobody says it anew', async () => {
    const { accountId } = await signIn({}, 'person-1')
    answerFacts(busy)
    await signInPatiently({ accountId: accountId ?? '' })
    expect(await rig.accountStore.find(accountId ?? '')).toMatchObject({
      clientId: 'client-2',
      identity: { userId: 'person-1', email: 'person-1@x.org' },
    })
    expect(await signIn({}, 'person-1')).toMatchObject({ accountId })
    expect(await accountIds()).toEqual([accountId])
  })
})

describe('an account that is signed in again', () => {
  it('keeps its tokens when another person signs in', async () => {
    const { accountId } = await signIn({}, 'person-1')
    const before = await rig.accountStore.readCredentials(accountId ?? '')
    const again = await signIn({ accountId: accountId ?? '' }, 'person-2')
    expect(again).toMatchObject({ status: 'error', accountId: null })
    expect(again.error).toContain('Another person')
    expect(await rig.accountStore.readCredentials(accountId ?? '')).toEqual(before)
    expect(await accountIds()).toEqual([accountId])
    expect(await rig.store.readGrant(again.authId)).toBeUndefined()
  })

  it('asks where it signed in before, by its own proxy', async () => {
    const startUrl = 'https://d-1.awsapps.com/start'
    const { accountId } = await signIn({ startUrl, region: 'eu-west-1', proxyUrl: 'http://p:1' }, 'person-1')
    await signIns.start({ accountId: accountId ?? '' })
    expect(rig.registered.at(-1)).toEqual({ region: 'eu-west-1', proxyUrl: 'http://p:1' })
    expect((await signIns.list()).map((each) => each.startUrl)).toEqual([startUrl, startUrl])
  })

  it('has to be there, at the beginning and at the end', async () => {
    await expect(signIns.start({ accountId: 'nobody' })).rejects.toMatchObject({
      failure: { kind: 'not-found' },
    })
    const { accountId } = await signIn({}, 'person-1')
    const { authId } = await signIns.start({ accountId: accountId ?? '' })
    await rig.accountStore.remove(accountId ?? '')
    rig.service.answers = [approved()]
    await rig.advance(3)
    expect(await signIns.status(authId)).toMatchObject({ status: 'error' })
    expect(await accountIds()).toEqual([])
  })
})

describe('a claim', () => {
  it('waits for the account, and is told all once', async () => {
    const { authId } = await signIns.start({})
    const claims = [signIns.claim(authId, never), signIns.claim(authId, never)]
    await rig.advance(5)
    rig.service.answers = [approved()]
    await rig.advance(3)
    const told = await Promise.all(claims)
    expect(told).toMatchObject([
      { kind: 'completed', accountId: 'account-1' },
      { kind: 'known', view: { status: 'completed', accountId: 'account-1', error: null } },
    ])
    expect(await signIns.claim(authId, never)).toEqual(told[1])
  })

  it.each<[string, DeviceTokenResult, string]>([
    ['timeout', { kind: 'expired' }, 'timeout'],
    ['refused', refused('access_denied'), 'error'],
  ])('ends as %s once', async (kind, answer, status) => {
    rig.service.answers = [answer]
    const { authId } = await signIns.start({})
    await rig.advance(2)
    expect(await signIns.claim(authId, never)).toMatchObject({ kind })
    expect(await signIns.claim(authId, never)).toMatchObject({ kind: 'known', view: { status } })
  })

  it('ends with its client', async () => {
    const { authId } = await signIns.start({})
    const leaving = new AbortController()
    const claim = signIns.claim(authId, leaving.signal)
    await rig.settle()
    leaving.abort()
    await expect(claim).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    expect(await signIns.status(authId)).toMatchObject({ status: 'pending' })
  })
})

describe('a sign-in that is cancelled', () => {
  it('is polled no more', async () => {
    const { authId } = await signIns.start({})
    await rig.advance(2)
    expect(await signIns.cancel(authId)).toMatchObject({
      status: 'error',
      error: 'The sign-in was cancelled.',
    })
    await rig.advance(20)
    expect(pollTimes()).toEqual([1, 2])
    expect(await rig.store.readDevice(authId)).toBeUndefined()
  })

  it('throws away tokens that arrive nevertheless', async () => {
    const answer = Promise.withResolvers<DeviceTokenResult>()
    rig.service.answers = [answer.promise]
    const { authId } = await signIns.start({})
    await rig.advance(2)
    await signIns.cancel(authId)
    answer.resolve(approved())
    await rig.advance(20)
    expect(await signIns.status(authId)).toMatchObject({ status: 'error' })
    expect(await accountIds()).toEqual([])
    expect(await rig.store.readGrant(authId)).toBeUndefined()
  })

  it('stays as it ended, if it had', async () => {
    const { authId, accountId } = await signIn()
    expect(await signIns.cancel(authId)).toMatchObject({ status: 'completed', accountId })
  })

  it('has to be in time', async () => {
    rig.service.readFacts = () => new Promise(() => {})
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(3)
    expect(await signIns.cancel(authId)).toBeUndefined()
  })
})

describe('a sign-in of which something stored cannot be read', () => {
  const damaged = { status: 'error', error: expect.stringContaining('Start it again.') }

  it.each(['readGrant', 'readDevice'] as const)('ends, in plain words, without its %s', async (name) => {
    Object.assign(rig.store, { [name]: async () => undefined })
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(5)
    expect(await signIns.status(authId)).toMatchObject(damaged)
    expect(await rig.store.listOpen()).toEqual([])
    expect(await accountIds()).toEqual([])
  })

  it('ends when nothing is left of what was ordered', async () => {
    const { authId } = await signIns.start({})
    const real = { ...rig.store }
    rig.store.find = async (id) => {
      const found = await real.find(id)
      return found?.state.kind === 'pending' ? undefined : found
    }
    await signIns.close()
    signIns = rig.startProcess('B')
    await rig.advance(5)
    expect(await signIns.status(authId)).toMatchObject(damaged)
    expect(await rig.store.listOpen()).toEqual([])
  })

  it('stays approved when it was approved while the service was asked', async () => {
    const answer = Promise.withResolvers<DeviceTokenResult>()
    rig.service.answers = [answer.promise]
    rig.service.readFacts = () => new Promise(() => {})
    const { authId } = await signIns.start({})
    await rig.advance(2)
    const device = await rig.store.readDevice(authId)
    const tokens = { accessToken: 'a', expiresAt: new Date(rig.clock.now()) }
    await rig.store.saveGrant(authId, { clientId: device?.clientId ?? '', clientSecret: 's', ...tokens })
    answer.resolve(refused('invalid_grant'))
    await rig.settle()
    expect(await rig.store.readGrant(authId)).toMatchObject({ accessToken: 'a' })
  })
})

describe('processes on one database', () => {
  it('never poll the same sign-in both, and answer for each other', async () => {
    const other = rig.startProcess('B')
    const starts = [await signIns.start({}), await other.start({})]
    await rig.advance(60)
    for (const { authId } of starts) {
      expect(await signIns.status(authId)).toEqual(await other.status(authId))
    }
    const codes = ['canary-device-code-1', 'canary-device-code-2']
    for (const code of codes) {
      const polls = rig.polls.filter(({ deviceCode }) => deviceCode === code)
      expect(new Set(polls.map(({ process }) => process)).size).toBe(1)
      expect(polls.map(({ seconds }) => seconds)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    }
  })

  it('go on with what another one left', async () => {
    const { authId } = await signIns.start({})
    await rig.advance(3)
    await signIns.close()
    const next = rig.startProcess('B')
    rig.service.answers = [pending, approved()]
    await rig.advance(4)
    expect(await next.status(authId)).toMatchObject({ status: 'completed' })
    expect(await next.claim(authId, never)).toMatchObject({ kind: 'completed' })
    expect(rig.polls.map(({ process }) => process)).toEqual(['A', 'A', 'A', 'B', 'B'])
  })

  it('wait until one that died can poll no more, and then ask once at least', async () => {
    const { authId } = await signIns.start({})
    await rig.advance(2)
    await signIns.close()
    await rig.leases.take(`sign-in/${authId}`, { owner: 'dead', durationMs: 90_000 })
    rig.clock.advance(270_000 - 90_000)
    await rig.leases.take(`sign-in/${authId}`, { owner: 'dead', durationMs: 125_000 })
    const next = rig.startProcess('B')
    await rig.advance(120)
    expect(rig.polls).toHaveLength(2)
    rig.service.answers = [approved()]
    await rig.advance(30)
    expect(await next.status(authId)).toMatchObject({ status: 'completed' })
  })
})

describe('tokens that were received', () => {
  it('are stored as soon as the database takes them', async () => {
    breakStore('saveGrant', 2)
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(15)
    expect(await signIns.status(authId)).toMatchObject({ status: 'completed' })
    expect(rig.reported).toHaveLength(2)
    expect(rig.polls).toHaveLength(1)
    expect(JSON.stringify(rig.reported.map(String))).not.toContain('canary')
  })

  it('are stored before the process ends', async () => {
    breakStore('saveGrant', 1)
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(2)
    await signIns.close()
    expect(await rig.store.readGrant(authId)).toMatchObject({ refreshToken: 'canary-refresh-token' })
  })

  it('outlive a process that cannot store them, and go to the next one', async () => {
    breakStore('saveGrant', 3)
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({ label: 'mine' })
    await rig.advance(2)
    await signIns.close()
    expect(await rig.store.readGrant(authId)).toBeUndefined()
    expect(rig.reported.map(String)).toEqual(Array(2).fill('Error: The disk is full.'))
    const next = rig.startProcess('B')
    await rig.advance(10)
    expect(await next.status(authId)).toMatchObject({ status: 'completed' })
    expect(await rig.accountStore.list()).toMatchObject([{ label: 'mine' }])
    expect(rig.polls).toHaveLength(1)
    expect(await rig.spill.list()).toEqual([])
  })

  it('are found though their sign-in was ended for want of them', async () => {
    const { authId } = await signIns.start({})
    await rig.spill.write({
      signInId: authId,
      grant: { ...client, accessToken: 'a', expiresAt: new Date(0) },
    })
    await rig.store.fail(authId, ['pending'], { kind: 'error', message: 'Invalid code.' })
    await rig.advance(10)
    expect(await signIns.status(authId)).toMatchObject({ status: 'completed' })
  })

  it('are thrown away when their sign-in was cancelled, and set aside when there is none', async () => {
    const { authId } = await signIns.start({})
    await signIns.cancel(authId)
    for (const signInId of [authId, 'nothing']) {
      const grant = { ...client, accessToken: 'a', expiresAt: new Date(0) }
      await rig.spill.write({ signInId, grant })
    }
    await rig.advance(6)
    expect(await rig.spill.list()).toEqual([])
    expect(rig.reported).toMatchObject([{ why: 'there is no such sign-in' }])
    expect(await accountIds()).toEqual([])
  })

  it('stay in memory when no disk takes them', async () => {
    breakStore('saveGrant', 2)
    rig.spill.write = () => Promise.reject(new Error('No space.'))
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(15)
    expect(await signIns.status(authId)).toMatchObject({ status: 'completed' })
    expect(rig.reported.map(String)).toContain('Error: No space.')
  })

  it('do not keep the lease of a process that could not store them', async () => {
    breakStore('saveGrant', Number.POSITIVE_INFINITY)
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(2)
    await signIns.close()
    expect(await rig.leases.take(`sign-in/${authId}`, { owner: 'B', durationMs: 90_000 })).toBe(true)
  })

  it('become one account, in whichever process', async () => {
    rig.service.readFacts = () => new Promise(() => {})
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(3)
    // The end of this process is no answer to who it is: the next one asks again.
    await signIns.close()
    expect(await accountIds()).toEqual([])
    rig.service.readFacts = async () => ({ userId: 'person-1' })
    const next = rig.startProcess('B')
    await rig.advance(3)
    expect(await next.status(authId)).toMatchObject({ status: 'completed' })
    expect(await rig.accountStore.list()).toMatchObject([{ identity: { userId: 'person-1' } }])
  })

  it('do not become a second account, nor older than a refresh, when the end could not be noted', async () => {
    breakStore('complete', 1)
    rig.service.answers = [approved()]
    const { authId } = await signIns.start({})
    await rig.advance(2)
    const [id = ''] = await accountIds()
    const tokens = { accessToken: 'newer', refreshToken: 'newer', expiresAt: new Date(rig.clock.now()) }
    await rig.accountStore.saveTokens(id, 1, { tokens, at: new Date(rig.clock.now()) })
    await rig.advance(10)
    expect(await signIns.status(authId)).toMatchObject({ status: 'completed', accountId: id })
    expect(await accountIds()).toEqual([id])
    expect(await rig.accountStore.readCredentials(id)).toMatchObject({ refreshToken: 'newer' })
  })
})
