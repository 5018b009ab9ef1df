import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { FreshAnswer } from './kept-answer.ts'
import type { KeptAnswerStore, NewAnswer, StoredAnswer } from './kept-answer-store.ts'
import { createKeptAnswers } from './kept-answers.ts'

const limits = { days: 2, answers: 10, bytes: 1e6 }
const answerOf = (id: string, parentId?: string, changes: Partial<FreshAnswer> = {}): FreshAnswer => ({
  id,
  parentId,
  owner: 'owner',
  input: [{ id: `in_${id}`, text: `asked ${id}` }],
  answer: { id, text: `said ${id}` },
  itemIds: { input: [`in_${id}`], answer: [`out_${id}`] },
  ...changes,
})

interface Rig {
  limits?: Partial<typeof limits>
  isShared?: boolean
}

/** Before a store that is a map, and fails as often as it is told to. */
function start({ limits: changed = {}, isShared = false }: Rig = {}) {
  const clock = createFakeClock(0)
  const stored = new Map<string, NewAnswer>()
  const told = { warnings: 0, reports: 0, failures: 0, expiries: new Map<string, number>() }
  const find = (id: string, owner: string) => [stored.get(id)].find((each) => each?.owner === owner)
  const store: KeptAnswerStore = {
    async insert(answer, expiresAt) {
      if (told.failures > 0) {
        told.failures -= 1
        throw new Error('The disk is full.')
      }
      stored.set(answer.id, answer)
      told.expiries.set(answer.id, expiresAt)
    },
    find: async (id, owner) => find(id, owner),
    async readThread(id, owner) {
      const answers: StoredAnswer[] = []
      let next: string | undefined = id
      while (next !== undefined) {
        const answer = find(next, owner)
        if (answer === undefined) return { kind: answers.length === 0 ? 'unknown' : 'cut' }
        answers.unshift(answer)
        next = answer.parentId
      }
      return { kind: 'whole', answers }
    },
    findByItems: async (ids, owner) =>
      [...stored.values()]
        .filter((each) => each.owner === owner && ids.includes(each.itemIds.input[0] ?? ''))
        .map(({ input }) => ({ part: 'input', text: input })),
    remove: async (id) => stored.delete(id),
    expireExcess: async () => {},
    prune: async () => 0,
  }
  const kept = createKeptAnswers({
    store,
    limits: { ...limits, ...changed },
    isShared,
    clock,
    report: () => void (told.reports += 1),
    warn: () => void (told.warnings += 1),
  })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { kept, store, stored, told, clock, pass }
}

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatewayError ? error.failure : error),
  )

describe('kept answers', () => {
  it('are found at once, and stored a moment later for so many days', async () => {
    const { kept, stored, told, pass } = start()
    kept.keep(answerOf('a'))
    expect(stored.size).toBe(0)
    const { owner: _, itemIds: __, ...expected } = answerOf('a')
    expect(await kept.find('a', 'owner')).toEqual(expected)
    await pass(0)
    expect(told.expiries).toEqual(new Map([['a', 2 * 86_400_000]]))
    expect(await kept.find('a', 'owner')).toEqual(expected)
  })

  it.each([0, 5])('are their owner’s alone, waiting or stored (%i ms later)', async (ms) => {
    const { kept, pass } = start()
    kept.keep(answerOf('a'))
    if (ms > 0) await pass(ms)
    expect(await kept.find('a', 'another')).toBeUndefined()
    expect(await kept.findByItems(['in_a'], 'another', () => true)).toEqual([])
    expect(await refusalOf(kept.readThread('a', 'another'))).toMatchObject({
      kind: 'invalid-request',
      field: 'previous_response_id',
      code: 'previous_response_not_found',
    })
  })

  it('are read as a conversation wherever its parts are', async () => {
    const { kept, pass } = start()
    kept.keep(answerOf('a'))
    await pass(0)
    kept.keep(answerOf('b', 'a'))
    kept.keep(answerOf('c', 'b'))
    const ids = async (id: string) => (await kept.readThread(id, 'owner')).map((each) => each.id)
    expect(await ids('c')).toEqual(['a', 'b', 'c'])
    expect(await kept.findByItems(['in_a', 'in_c', 'out_b'], 'owner', () => true)).toEqual([
      { part: 'input', items: answerOf('a').input },
      { part: 'answer', answer: answerOf('b').answer },
      { part: 'input', items: answerOf('c').input },
    ])
    await pass(0)
    expect(await ids('c')).toEqual(['a', 'b', 'c'])
  })

  it('say what is missing: the answer, or what was before it', async () => {
    const { kept, stored, pass } = start()
    kept.keep(answerOf('a'))
    kept.keep(answerOf('b', 'a'))
    expect(await refusalOf(kept.readThread('x', 'owner'))).toMatchObject({
      message: expect.stringContaining('Previous response with id "x" not found'),
    })
    await pass(0)
    stored.delete('a')
    kept.keep(answerOf('c', 'b'))
    for (const id of ['b', 'c']) {
      expect(await refusalOf(kept.readThread(id, 'owner'))).toMatchObject({
        message: `What was said before the response with id '${id}' is kept no longer: send the whole conversation.`,
        code: 'previous_response_not_found',
      })
    }
  })

  it('are tried again when they could not be stored, in their order, and found meanwhile', async () => {
    const { kept, stored, told, pass } = start()
    told.failures = 1
    kept.keep(answerOf('a'))
    kept.keep(answerOf('b', 'a'))
    await pass(0)
    expect([stored.size, told.reports]).toEqual([0, 1])
    expect(await kept.find('b', 'owner')).toBeDefined()
    await pass(1000)
    expect([...stored.keys()]).toEqual(['a', 'b'])
  })

  it('are given up after five tries, so that others are stored', async () => {
    const { kept, stored, told, pass } = start()
    told.failures = 5
    kept.keep(answerOf('a'))
    kept.keep(answerOf('b'))
    for (let tries = 0; tries < 5; tries += 1) await pass(1000)
    expect([[...stored.keys()], told.reports]).toEqual([['b'], 5])
    expect(await kept.find('a', 'owner')).toBeUndefined()
  })

  it('are left out when they are too long, when too many wait, or when none is to be kept', async () => {
    const { kept, told } = start()
    kept.keep(answerOf('a', undefined, { answer: { id: 'a', text: 'x'.repeat(33 * 1024 * 1024) } }))
    expect(told.warnings).toBe(1)
    const text = 'x'.repeat(30 * 1024 * 1024)
    for (const id of ['b', 'c', 'd']) kept.keep(answerOf(id, undefined, { answer: { id, text } }))
    expect(told.warnings).toBe(2)
    expect(await kept.find('c', 'owner')).toBeDefined()
    expect(await kept.find('d', 'owner')).toBeUndefined()
    for (const none of [{ days: 0 }, { answers: 0 }, { bytes: 0 }]) {
      expect(start({ limits: none }).kept.areKept).toBe(false)
    }
  })

  it('are refused as a conversation that is more than a request may hold', async () => {
    const { kept } = start()
    const input = Array.from({ length: 20_000 }, () => ({}))
    for (const [id, parent] of [['a'], ['b', 'a'], ['c', 'b'], ['d', 'c']] as const) {
      kept.keep(answerOf(id, parent, { input }))
    }
    expect(await refusalOf(kept.readThread('b', 'owner'))).toBe('answered')
    expect(await refusalOf(kept.readThread('d', 'owner'))).toMatchObject({
      message: expect.stringContaining('longer than what is read again'),
    })
  })

  it('are looked for again after a moment where another process may have them', async () => {
    const { kept, store, stored, pass } = start({ isShared: true })
    const finding = kept.find('a', 'owner')
    const reading = kept.readThread('a', 'owner')
    await pass(0)
    await store.insert({ ...answerOf('a'), input: '[]', answer: '{}', createdAt: 0 }, 0)
    expect(stored.size).toBe(1)
    await pass(200)
    expect([await finding, (await reading).length]).toMatchObject([{ id: 'a' }, 1])
  })

  it('have items that another process stores a moment later', async () => {
    const { kept, stored, pass } = start({ isShared: true })
    const found = kept.findByItems(['in_a'], 'owner', (parts) => parts.length === 1)
    await pass(0)
    stored.set('a', { ...answerOf('a'), input: '[{"id":"in_a"}]', answer: '{}', createdAt: 0 })
    await pass(200)
    expect(await found).toEqual([{ part: 'input', items: [{ id: 'in_a' }] }])
  })

  it('are stored once, whatever becomes of those that they crowd out', async () => {
    const { kept, store, told, pass } = start()
    store.expireExcess = async () => {
      throw new Error('The database is busy.')
    }
    const inserted: string[] = []
    store.insert = async ({ id }) => void inserted.push(id)
    kept.keep(answerOf('a'))
    kept.keep(answerOf('b'))
    await pass(0)
    await pass(10_000)
    expect([inserted, told.reports]).toEqual([['a', 'b'], 2])
  })

  it('are removed when what goes on from them is stored', async () => {
    const { kept, stored } = start()
    kept.keep(answerOf('a'))
    kept.keep(answerOf('b', 'a'))
    expect(await kept.remove('a', 'owner')).toBe(true)
    expect([...stored.keys()]).toEqual(['b'])
  })

  it('are stored when the gateway stops', async () => {
    const { kept, stored, clock } = start()
    kept.keep(answerOf('a'))
    await kept.close()
    expect([stored.size, clock.pending()]).toEqual([1, 0])
  })
})
