import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { defaultSettings, type Account } from '../accounts/account.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import { GatewayError } from '../conversation/failures.ts'
import { catalogue } from '../upstreams/amazon-q/catalogue.ts'
import { sampleModel } from '../../test/sample-model.ts'
import type { ModelInfo } from '../upstreams/upstream.ts'
import { accessOf } from '../profiles/access-of.ts'
import { createModels } from './models.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const schema = { type: 'object', properties: { thinking: {} } }
const catalogueIds = catalogue.map(({ id }) => id)
const model = (id: string, changes: Partial<ModelInfo> = {}): ModelInfo => ({
  ...sampleModel,
  id,
  displayName: id,
  ...changes,
})
const usable = (id: string, changes: Partial<Account> = {}) =>
  sampleAccount(id, { fingerprints: { accessToken: '1' }, ...changes })
const settled = () => new Promise((resolve) => setImmediate(resolve))

interface Wishes {
  accounts?: Account[]
  aliases?: { name: string; model: string }[]
  replacesRetired?: boolean
}

/** `answer` decides on the fetches that wait; `asked` has the account of each fetch. */
function createTestModels({ accounts = [], aliases = [], replacesRetired = true }: Wishes = {}) {
  const clock = createFakeClock()
  const waiting = new Map<string, PromiseWithResolvers<ModelInfo[]>>()
  const asked: string[] = []
  const reports: string[] = []
  const models = createModels({
    upstream: {
      catalogue,
      listModels({ accountId }, signal) {
        asked.push(accountId)
        const answer = Promise.withResolvers<ModelInfo[]>()
        signal.addEventListener('abort', () => answer.reject(new GatewayError('client-gone', 'aborted')))
        waiting.set(accountId, answer)
        return answer.promise
      },
    },
    // An array of its own whenever it is asked for, as one that stays the same says that nothing has changed.
    accounts: () => [...accounts],
    accessTo: async (account) => accessOf(account, 'token', { kind: 'none' }),
    naming: { aliases, replacesRetired },
    clock,
    report: (accountId) => void reports.push(accountId),
  })
  const answer = async (accountId: string, list: ModelInfo[] | 'failure') => {
    await settled()
    if (list === 'failure') waiting.get(accountId)?.reject(new GatewayError('access-denied', 'scripted'))
    else waiting.get(accountId)?.resolve(list)
    await settled()
  }
  return { models, clock, accounts, asked, reports, answer }
}

/** All accounts have the lists that stand here. */
async function createListed(lists: Record<string, ModelInfo[]>, wishes: Wishes = {}) {
  const accounts = Object.keys(lists).map((id) => usable(id))
  const made = createTestModels({ ...wishes, accounts })
  for (const [id, list] of Object.entries(lists)) {
    made.models.noteAccount(usable(id))
    await made.answer(id, list)
  }
  return made
}

const idsOf = (list: readonly ModelInfo[]) => list.map(({ id }) => id)

function refusalOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'model-not-found') return error.message
    throw error
  }
  return 'found'
}

describe('names', () => {
  const { models } = createTestModels()

  it.each(catalogueIds)('know %s by its own name', (id) => {
    expect(models.resolve(id).id).toBe(id)
    expect(models.resolve(id.toUpperCase()).id).toBe(id)
  })

  it.each([
    ['claude-sonnet-4-20250514', 'claude-sonnet-4'],
    ['claude-sonnet-4-0', 'claude-sonnet-4'],
    ['claude-4-sonnet', 'claude-sonnet-4'],
    ['claude-4.5-sonnet', 'claude-sonnet-4.5'],
    ['CLAUDE_SONNET_4_20250514_V1_0', 'claude-sonnet-4'],
    ['claude-sonnet-4-5', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5@20250929', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5-20250929-thinking', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5-latest', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-6[1m]', 'claude-sonnet-4.6'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4.5'],
    ['claude-opus-4-5-20251101', 'claude-opus-4.5'],
    ['claude-opus-4-6', 'claude-opus-4.6'],
    ['claude-opus-4-7', 'claude-opus-4.7'],
    ['claude-opus-4-8', 'claude-opus-4.8'],
    ['claude-opus-5-5', 'claude-opus-5.5'],
    ['anthropic/claude-sonnet-4.5', 'claude-sonnet-4.5'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4.5'],
    ['bedrock/anthropic.claude-sonnet-4-20250514-v1:0', 'claude-sonnet-4'],
    ['openai/gpt-5.6-sol', 'gpt-5.6-sol'],
    [' claude-sonnet-4.5 ', 'claude-sonnet-4.5'],
    ['claude-3-5-sonnet-20241022', 'claude-sonnet-4.5'],
    ['claude-3-7-sonnet-latest', 'claude-sonnet-4.5'],
    ['claude-3.7-sonnet', 'claude-sonnet-4.5'],
    ['claude-3-5-haiku-20241022', 'claude-haiku-4.5'],
  ])('take %s for %s', (name, id) => {
    expect(models.resolve(name).id).toBe(id)
    expect(models.find(name)).toBe(models.resolve(id))
  })

  it.each(['', 'gpt-4o', 'claude', 'claude-sonnet', 'claude-sonnet-9', 'claude-2.1', 'auto', 'constructor'])(
    'refuse %j rather than replace it',
    (name) => {
      expect(refusalOf(() => models.resolve(name))).toContain(`model: ${name} is not known here.`)
      expect(models.find(name)).toBeUndefined()
    },
  )

  it('tell those that come near, not all of them', () => {
    expect(refusalOf(() => models.resolve('claude-haiku-5'))).toBe(
      'model: claude-haiku-5 is not known here. Near it: claude-haiku-4.5, claude-opus-5, claude-sonnet-5, claude-sonnet-4, claude-opus-4.5. GET /v1/models lists all.',
    )
    expect(refusalOf(() => models.resolve('o3'))).toBe(
      'model: o3 is not known here. GET /v1/models lists all.',
    )
  })

  it('are shown by no more than their start when they are long', () => {
    expect(refusalOf(() => models.resolve('x'.repeat(5000)))).toMatch(/^model: x{100} is not known here/)
  })

  it('lead to a model or to model-not-found, whatever they are', () => {
    const piece = fc.constantFrom('claude', '-', 'sonnet', '4', '.', '5', '-v1:0', '[1m]', 'anthropic/', 'x')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const name = pieces.join('')
        const found = models.find(name)
        expect(found === undefined ? refusalOf(() => models.resolve(name)) : found).toSatisfy(
          (outcome) => found === undefined || catalogue.includes(outcome),
        )
      }),
    )
  })

  it('of retired models lead nowhere when the operator wants it so', () => {
    const strict = createTestModels({ replacesRetired: false }).models
    expect(refusalOf(() => strict.resolve('claude-3-5-sonnet-20241022'))).toContain('is not known here')
  })

  it('of the examples lead on when the model itself is gone', async () => {
    const { models: listed } = await createListed({ a: [model('claude-sonnet-4.5')] })
    expect(listed.resolve('claude-sonnet-4').id).toBe('claude-sonnet-4.5')
  })

  it.each([
    ['claude-sonnet-4.5-thinking', true],
    ['claude-sonnet-4.5', false],
    ['deep', true],
    ['swift-thinking', true],
    ['swift', false],
    ['kimi-k2-thinking', false],
  ])('%s asks to think: %s', async (name, asks) => {
    const aliases = [
      { name: 'deep', model: 'claude-sonnet-4.5-thinking' },
      { name: 'swift', model: 'claude-sonnet-4.5' },
    ]
    const { models: listed } = await createListed(
      { a: [model('claude-sonnet-4.5'), model('kimi-k2-thinking')] },
      { aliases },
    )
    expect(listed.asksToThink(name)).toBe(asks)
  })
})

describe('aliases', () => {
  const aliases = [
    { name: 'gpt-4o', model: 'claude-sonnet-4-5' },
    { name: 'Claude-Opus-4.5', model: 'claude-haiku-4.5' },
    { name: 'secret', model: 'Unlisted-Model' },
  ]
  const { models } = createTestModels({ aliases })

  it.each([
    ['gpt-4o', 'claude-sonnet-4.5'],
    ['GPT-4o', 'claude-sonnet-4.5'],
    ['openai/gpt-4o', 'claude-sonnet-4.5'],
    ['secret', 'Unlisted-Model'],
  ])('lead %s to %s', (name, id) => {
    expect(models.resolve(name).id).toBe(id)
  })

  it('come after the models of the same name', () => {
    expect(models.resolve('claude-opus-4.5').id).toBe('claude-opus-4.5')
  })

  it('lead to a model that is the same object each time, listed or not', () => {
    expect(models.resolve('secret')).toBe(models.resolve('SECRET'))
    expect(models.resolve('gpt-4o')).toBe(models.resolve('claude-sonnet-4.5'))
  })

  it('are listed after the models, saying where they lead', () => {
    const shown = models.list().slice(catalogue.length)
    expect(shown.map(({ id, displayName }) => [id, displayName])).toEqual([
      ['gpt-4o', 'gpt-4o (Claude Sonnet 4.5)'],
      ['secret', 'secret (Unlisted-Model)'],
    ])
  })

  it('may catch all names that mean nothing else', () => {
    const { models: catching } = createTestModels({
      aliases: [...aliases, { name: '*', model: 'claude-haiku-4.5' }],
    })
    expect(catching.resolve('anything').id).toBe('claude-haiku-4.5')
    expect(catching.resolve('gpt-4o').id).toBe('claude-sonnet-4.5')
    expect(catching.resolve('claude-3-5-sonnet').id).toBe('claude-sonnet-4.5')
    expect(idsOf(catching.list())).not.toContain('*')
  })

  it('to a model that no account lists are not kept from the service', async () => {
    const { models: listed } = await createListed(
      { a: [model('m')] },
      { aliases: [{ name: 'x', model: 'claude-opus-4.6' }] },
    )
    const target = listed.resolve('x')
    expect(target.id).toBe('claude-opus-4.6')
    expect(listed.offers('a', target.id)).toBe(true)
  })
})

describe('the list', () => {
  it('is the catalogue while there is no account', () => {
    expect(idsOf(createTestModels().models.list())).toEqual(catalogueIds)
  })

  it('is what accounts have, each model once, in the order of the catalogue and then by name', async () => {
    const { models } = await createListed({
      a: [model('zeta'), model('claude-opus-5'), model('claude-sonnet-4')],
      b: [model('claude-opus-5'), model('alpha')],
    })
    expect(idsOf(models.list())).toEqual(['claude-sonnet-4', 'claude-opus-5', 'alpha', 'zeta'])
  })

  it('has the catalogue too while an account that can serve has no list', async () => {
    const { models, accounts } = await createListed({ a: [model('alpha')] })
    accounts.push(usable('b'))
    expect(idsOf(models.list())).toEqual([...catalogueIds, 'alpha'])
    accounts[1] = usable('b', { status: { kind: 'parked', why: 'x' } })
    expect(idsOf(models.list())).toEqual(['alpha'])
  })

  it('leaves out what accounts have and the operator does not have them serve, and aliases of that', async () => {
    const aliases = [
      { name: 'mine', model: 'alpha' },
      { name: 'ours', model: 'beta' },
      { name: 'new', model: 'unlisted' },
    ]
    const both = [model('alpha'), model('beta')]
    const { models, accounts } = await createListed({ a: both, b: [model('alpha')] }, { aliases })
    const allow = (index: number, id: string, ids: string[]) => {
      accounts[index] = usable(id, { settings: { ...defaultSettings, models: ids } })
    }
    allow(0, 'a', ['alpha'])
    expect(idsOf(models.list())).toEqual(['alpha', 'mine', 'new'])
    allow(1, 'b', ['beta', 'unlisted'])
    expect(idsOf(models.list())).toEqual(['alpha', 'mine', 'new'])
    allow(1, 'b', ['alpha'])
    expect(idsOf(models.list())).toEqual(['alpha', 'mine'])
    allow(1, 'without-list', ['claude-opus-5'])
    expect(idsOf(models.list())).toEqual(['claude-opus-5', 'alpha', 'mine'])
    // What is left out is known all the same, so that the operator can name it.
    expect(models.findKnown('beta')?.id).toBe('beta')
  })

  it('forgets an account that is removed or disabled', async () => {
    const { models, accounts } = await createListed({ a: [model('alpha')], b: [model('beta')] })
    accounts.pop()
    models.forgetAccount('b')
    expect(idsOf(models.list())).toEqual(['alpha'])
    models.noteAccount(usable('a', { status: { kind: 'disabled', by: 'operator' } }))
    expect(models.offers('a', 'claude-opus-5')).toBe(true)
  })

  it('has equal models of different accounts as one object', async () => {
    const { models } = await createListed({
      a: [model('m', { requestFields: schema })],
      b: [model('m', { requestFields: schema })],
    })
    const [listed] = models.list()
    expect(await models.ofAccount({ accountId: 'a' }, model('m'))).toBe(listed)
    expect(await models.ofAccount({ accountId: 'b' }, model('m'))).toBe(listed)
  })
})

describe('fetching', () => {
  it('happens for an account that is new, and for no other', async () => {
    const { models, asked } = createTestModels()
    models.noteAccount(usable('a'))
    models.noteAccount(usable('b', { status: { kind: 'disabled', by: 'operator' } }))
    models.noteAccount(sampleAccount('without tokens'))
    await settled()
    expect(asked).toEqual(['a'])
  })

  it('is for four accounts at a time, one fetch for each', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const { models, asked, answer } = createTestModels({ accounts: ids.map((id) => usable(id)) })
    for (const _ of ids) models.list()
    await settled()
    expect(asked).toEqual(['a', 'b', 'c', 'd'])
    await answer('b', [model('m')])
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e'])
    for (const id of ids) await answer(id, [model('m')])
    models.list()
    await settled()
    expect(asked).toEqual(ids)
  })

  it('begins at once for the account that a request waits for, however many others are under way', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const { models, asked } = createTestModels({ accounts: ids.map((id) => usable(id)) })
    models.list()
    await settled()
    void models.ofAccount({ accountId: 'g' }, sampleModel)
    await settled()
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'g'])
  })

  it('happens again when a list older than an hour is used, which is shown meanwhile', async () => {
    const { models, clock, asked, answer } = await createListed({ a: [model('old')] })
    clock.advance(HOUR - 1)
    models.list()
    await settled()
    expect(asked).toHaveLength(1)
    clock.advance(1)
    expect(idsOf(models.list())).toEqual(['old'])
    await answer('a', [model('new')])
    expect(asked).toHaveLength(2)
    expect(idsOf(models.list())).toEqual(['new'])
  })

  it('keeps the old list when it fails, and tries again after pauses that grow to an hour', async () => {
    const { models, clock, asked, answer, reports } = await createListed({ a: [model('old')] })
    clock.advance(HOUR)
    models.list()
    const pauses: number[] = []
    for (let round = 0; round < 9; round += 1) {
      await answer('a', 'failure')
      const before = asked.length
      let pause = 0
      for (; asked.length === before; pause += 1) {
        clock.advance(MINUTE)
        expect(idsOf(models.list())).toEqual(['old'])
        await settled()
      }
      pauses.push(pause)
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
    expect(reports).toHaveLength(9)
  })

  it.each([
    [
      'a name is not known',
      (models: ReturnType<typeof createModels>) => void refusalOf(() => models.resolve('new')),
    ],
    [
      'the service refuses a model',
      (models: ReturnType<typeof createModels>) => models.noteModelRefused('a'),
    ],
    ['the account is changed', (models: ReturnType<typeof createModels>) => models.noteAccount(usable('a'))],
  ])('happens when %s, at most once a minute', async (_when, cause) => {
    const { models, clock, asked, answer } = await createListed({ a: [model('old')] })
    cause(models)
    await settled()
    expect(asked).toHaveLength(1)
    clock.advance(MINUTE)
    cause(models)
    cause(models)
    await answer('a', [model('new')])
    expect(asked).toHaveLength(2)
    expect(models.resolve('new').id).toBe('new')
  })

  it.each<[what: string, change: Partial<Account>]>([
    ['in another region', { region: 'eu-central-1' }],
    ['with a profile that was learned', { learnedProfile: { kind: 'arn', arn: 'arn:a' } }],
    ['with none, as was learned', { learnedProfile: { kind: 'none' } }],
    ['with another origin', { settings: { ...defaultSettings, origin: 'CLI' } }],
  ])('begins anew when the account reaches the service %s', async (_what, change) => {
    const { models, asked, answer } = createTestModels({ accounts: [usable('a')] })
    models.noteAccount(usable('a'))
    await settled()
    models.noteAccount(usable('a', change))
    await settled()
    expect(asked).toEqual(['a', 'a'])
    await answer('a', [model('m')])
    expect(idsOf(models.list())).toEqual(['m'])
  })

  it('begins anew when an account without a list is changed, whatever failed before', async () => {
    const { models, asked, answer } = createTestModels({ accounts: [usable('a')] })
    models.noteAccount(usable('a'))
    await answer('a', 'failure')
    models.noteAccount(usable('a'))
    await settled()
    expect(asked).toEqual(['a', 'a'])
  })

  it('ends with the gateway, and leaves no timer behind', async () => {
    const { models, asked, clock, reports } = createTestModels({ accounts: [usable('a')] })
    const waiting = models.ofAccount({ accountId: 'a' }, sampleModel)
    await settled()
    await models.close()
    expect(await waiting).toBe(catalogue.find(({ id }) => id === sampleModel.id))
    models.list()
    await models.ready()
    await settled()
    expect(asked).toEqual(['a'])
    expect(clock.pending()).toBe(0)
    expect(reports).toEqual([])
  })
})

describe('ofAccount', () => {
  const access = { accountId: 'a' }
  const inCatalogue = catalogue.find(({ id }) => id === sampleModel.id)

  it('waits for the first list', async () => {
    const { models, answer, clock } = createTestModels({ accounts: [usable('a')] })
    const own = model(sampleModel.id, { requestFields: schema })
    const offered = models.ofAccount(access, sampleModel)
    await answer('a', [own])
    expect(await offered).toBe(own)
    expect(clock.pending()).toBe(0)
  })

  it('waits two seconds at most, and takes the catalogue’s word then', async () => {
    const { models, clock } = createTestModels({ accounts: [usable('a')] })
    const offered = models.ofAccount(access, model(sampleModel.id, { requestFields: schema }))
    await settled()
    clock.advance(2000)
    expect(await offered).toBe(inCatalogue)
  })

  it('does not wait again for a list that was waited for in vain', async () => {
    const { models, clock } = createTestModels({ accounts: [usable('a')] })
    const first = models.ofAccount(access, sampleModel)
    await settled()
    clock.advance(2000)
    await first
    expect(await models.ofAccount(access, sampleModel)).toBe(inCatalogue)
  })

  it('does not wait again once the list could not be fetched', async () => {
    const { models, answer } = createTestModels({ accounts: [usable('a')] })
    const first = models.ofAccount(access, sampleModel)
    await answer('a', 'failure')
    expect(await first).toBe(inCatalogue)
    expect(await models.ofAccount(access, sampleModel)).toBe(inCatalogue)
  })

  it.each<[string, Account[]]>([
    ['nobody knows', []],
    ['may not be used now', [usable('a', { status: { kind: 'parked', why: 'x' } })]],
  ])('neither waits for an account that %s, nor asks it', async (_what, accounts) => {
    const { models, asked, clock } = createTestModels({ accounts })
    expect(await models.ofAccount(access, sampleModel)).toBe(inCatalogue)
    expect([asked, clock.pending()]).toEqual([[], 0])
  })

  it('does not wait for a newer list', async () => {
    const { models, clock, asked } = await createListed({ a: [model('m')] })
    clock.advance(HOUR)
    expect((await models.ofAccount(access, model('m'))).id).toBe('m')
    await settled()
    expect(asked).toHaveLength(2)
  })

  it('does not ask for another account’s request fields', async () => {
    const fields = model('m', { requestFields: schema })
    const { models } = await createListed({ a: [model('other')], b: [fields] })
    expect(await models.ofAccount(access, models.resolve('m'))).toEqual(model('m'))
  })

  it('leaves out request fields that the service refused, for this account alone', async () => {
    const fields = model('m', { requestFields: schema })
    const { models } = await createListed({ a: [fields], b: [fields] })
    models.noteFieldsRefused('a', 'm')
    const plain = await models.ofAccount(access, fields)
    expect(plain).toEqual(model('m'))
    expect(await models.ofAccount(access, fields)).toBe(plain)
    expect(await models.ofAccount({ accountId: 'b' }, fields)).toEqual(fields)
  })
})

describe('offers', () => {
  it.each([
    ['an account that lists it', 'a', 'one', true],
    ['an account that does not, when another one does', 'b', 'one', false],
    ['an account without a list', 'c', 'one', true],
    ['a model of nobody', 'a', 'three', true],
    ['a model of the catalogue, which another account may have', 'a', 'claude-opus-5', false],
  ])('%s', async (_who, accountId, modelId, expected) => {
    const { models, accounts } = await createListed({ a: [model('one')], b: [model('two')] })
    accounts.push(usable('c'))
    expect(models.offers(accountId, modelId)).toBe(expected)
  })

  it('a model of the catalogue that no account lists: the service has the last word', async () => {
    const { models } = await createListed({ a: [model('one')] })
    expect(models.offers('a', 'claude-opus-5')).toBe(true)
  })
})

describe('findKnown', () => {
  it('finds models that no account has at the moment', async () => {
    const { models } = await createListed({ a: [model('one')] })
    expect(models.find('claude-opus-4-6')).toBeUndefined()
    expect(models.findKnown('claude-opus-4-6')?.id).toBe('claude-opus-4.6')
    expect(models.findKnown('one')?.id).toBe('one')
    expect(models.findKnown('nope')).toBeUndefined()
  })
})

describe('ready', () => {
  it('is at once without accounts, and when a list is there', async () => {
    await expect(createTestModels().models.ready()).resolves.toBeUndefined()
    const { models, accounts } = await createListed({ a: [model('one')] })
    accounts.push(usable('b'))
    await expect(models.ready()).resolves.toBeUndefined()
  })

  it('is with the first list', async () => {
    const { models, answer } = createTestModels({ accounts: [usable('a'), usable('b')] })
    const ready = models.ready().then(() => idsOf(models.list()))
    await answer('a', 'failure')
    await answer('b', [model('one')])
    expect(await ready).toEqual([...catalogueIds, 'one'])
  })

  it('is when all have failed, or after a second and a half', async () => {
    const failing = createTestModels({ accounts: [usable('a')] })
    const whenFailed = failing.models.ready()
    await failing.answer('a', 'failure')
    await expect(whenFailed).resolves.toBeUndefined()

    const { models, clock } = createTestModels({ accounts: [usable('a')] })
    const ready = models.ready()
    await settled()
    clock.advance(1500)
    await expect(ready).resolves.toBeUndefined()
    expect(clock.pending()).toBe(0)
  })
})
