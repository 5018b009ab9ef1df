import { describe, expect, it } from 'vitest'
import { sampleAccount } from '../drawer/sample-account.ts'
import { blankDraft, changesOf, conflictsOf, draftOf, newAccountOf, numberFaults } from './account-draft.ts'

const account = {
  ...sampleAccount,
  tags: ['team'],
  concurrencyLimit: 4,
  models: ['claude-sonnet-4.5'],
}

describe('a form that edits an account', () => {
  it('changes nothing when nothing is edited', () => {
    expect(changesOf(account, draftOf(account))).toEqual({})
  })

  it.each([
    ['the label', { label: ' Other ' }, { label: 'Other' }],
    ['no label any more', { label: '  ' }, { label: null }],
    ['the switch', { enabled: false }, { enabled: false }],
    ['tags', { tags: ['team', 'new'] }, { tags: ['team', 'new'] }],
    ['a weight', { weight: '0.5' }, { weight: 0.5 }],
    ['a priority', { priority: '-3' }, { priority: -3 }],
    ['no limit any more', { concurrencyLimit: ' ' }, { concurrencyLimit: null }],
    ['all models', { models: [] }, { models: null }],
    ['a region', { region: 'eu-central-1 ' }, { region: 'eu-central-1' }],
    ['a profile', { profileArn: 'none' }, { profileArn: 'none' }],
    [
      'a profile that is to be found out, for it was emptied',
      { profileArn: '' },
      // As it was.
      {},
    ],
    ['a proxy', { proxyUrl: ' http://proxy.test:1 ' }, { proxyUrl: 'http://proxy.test:1' }],
    ['no proxy any more', { removesProxy: true, proxyUrl: 'http://proxy.test:1' }, { proxyUrl: null }],
  ])('sends %s alone', (_, edits, changes) => {
    expect(changesOf(account, { ...draftOf(account), ...edits })).toEqual(changes)
  })

  it.each([
    ['weight', ['', 'a lot', '-1', '1001', 'NaN', 'Infinity']],
    ['priority', ['', '1.5', '-1001', '1e9']],
    ['concurrencyLimit', ['0', '2.5', '1001', 'x']],
  ] as const)('finds a %s that is none', (field, texts) => {
    for (const typed of texts) expect(numberFaults({ ...blankDraft, [field]: typed })).toEqual([field])
  })

  it('takes numbers at the ends of their ranges', () => {
    expect(numberFaults({ ...blankDraft, weight: '0', priority: '-1000', concurrencyLimit: '1000' })).toEqual(
      [],
    )
    expect(numberFaults(blankDraft)).toEqual([])
  })

  it('finds what somebody else has changed meanwhile, where it would be overwritten', () => {
    const latest = { ...account, tags: ['theirs'], weight: 7 }
    expect(conflictsOf(account, latest, { tags: ['mine'], priority: 1 })).toEqual(['tags'])
    expect(conflictsOf(account, account, { tags: ['mine'] })).toEqual([])
  })
})

describe('a form that makes an account', () => {
  it('sends what signs it in, without the blanks around it', () => {
    const credentials = { clientId: ' id ', clientSecret: 'secret\n', refreshToken: '\ttoken' }
    expect(newAccountOf(credentials, { ...blankDraft, label: 'New' })).toEqual({
      clientId: 'id',
      clientSecret: 'secret',
      refreshToken: 'token',
      label: 'New',
      enabled: true,
      tags: [],
      weight: 1,
      priority: 0,
      concurrencyLimit: null,
      models: null,
      region: 'us-east-1',
      profileArn: 'auto',
    })
  })

  it('names a proxy where there is one', () => {
    const credentials = { clientId: 'id', clientSecret: 's', refreshToken: 't' }
    expect(newAccountOf(credentials, { ...blankDraft, proxyUrl: 'http://proxy.test:1' })).toMatchObject({
      proxyUrl: 'http://proxy.test:1',
    })
  })
})
