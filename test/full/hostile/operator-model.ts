/** What the operator's API has to answer, as far as it follows from what was done before. */
import { z } from 'zod'
import type { Random } from './random.ts'

/** What an account is known to be; a setting that nobody has set is not listed. */
type Settings = Readonly<Record<string, unknown>>

const shown = z.looseObject({ id: z.string() })
const several = z.looseObject({
  results: z.array(z.looseObject({ status: z.string(), id: z.string().optional() })).default([]),
  account_ids: z.array(z.string()).default([]),
})
const flow = z.looseObject({ authId: z.string() })
/** Settings that are shown as they were sent, and that nothing but the operator changes. */
const FOLLOWED = ['weight', 'priority', 'tags', 'optOut', 'channel', 'concurrencyLimit']
const MOST_ACCOUNTS = 40

export interface Exchange {
  /** As the document names it: `PATCH /v2/accounts/{id}`. */
  operation: string
  /** Of the path's parameter. */
  id: string | undefined
  body: unknown
  status: number
  answer: unknown
}

export type OperatorModel = ReturnType<typeof createOperatorModel>

export function createOperatorModel() {
  const accounts = new Map<string, Settings>()
  const removed = new Set<string>()
  const pendingFlows = new Set<string>()
  const endedFlows = new Set<string>()

  function learn({ operation, id = '', body, status, answer }: Exchange): void {
    if (status !== 200) return
    switch (operation) {
      case 'POST /v2/accounts':
        return void accounts.set(shown.parse(answer).id, followed(body))
      case 'PATCH /v2/accounts/{id}':
        return void accounts.set(id, { ...accounts.get(id), ...followed(body) })
      case 'DELETE /v2/accounts/{id}':
        accounts.delete(id)
        return void removed.add(id)
      case 'POST /v2/accounts/batch':
      case 'POST /v2/accounts/feed': {
        const { results, account_ids: ids } = several.parse(answer)
        const created = results.flatMap((result) => (result.status === 'created' ? (result.id ?? []) : []))
        for (const each of [...ids, ...created]) accounts.set(each, {})
        return
      }
      case 'POST /v2/auth/start':
        return void pendingFlows.add(flow.parse(answer).authId)
      case 'POST /v2/auth/cancel/{authId}':
        pendingFlows.delete(id)
        return void endedFlows.add(id)
      default:
    }
  }

  /** Throws when an answer does not follow from what went before. */
  function check({ operation, id = '', status, answer }: Exchange): void {
    const isOfAccount = operation.includes('/v2/accounts/{id}')
    if (isOfAccount && removed.has(id) && status === 200) throw new Error('A removed account answers')
    if (isOfAccount && accounts.has(id) && status === 404) throw new Error('An account is not found')
    if (operation === 'GET /v2/accounts/{id}' && accounts.has(id) && status === 200) {
      const view = shown.parse(answer)
      for (const [name, value] of Object.entries(accounts.get(id) ?? {})) {
        if (JSON.stringify(view[name]) !== JSON.stringify(value))
          throw new Error(`${name} is not what was set`)
      }
    }
    if (operation === 'GET /v2/accounts' && status === 200) checkList(answer)
  }

  function checkList(answer: unknown): void {
    const list = z.looseObject({ accounts: z.array(shown), count: z.int() }).parse(answer)
    if (list.count !== list.accounts.length) throw new Error('The list is miscounted')
    if (list.accounts.some(({ id }) => removed.has(id))) throw new Error('A removed account is listed')
  }

  return {
    learn,
    check,
    isCrowded: () => accounts.size > MOST_ACCOUNTS,
    accountCount: () => accounts.size,
    /** An account that is there, seldom one that was. */
    accountId: (random: Random) => pickFrom(random.below(8) === 0 ? removed : accounts.keys(), random),
    /** To wait for a sign-in takes minutes: only one that has ended is waited for. */
    flowId: (operation: string, random: Random) =>
      pickFrom(operation.includes('/claim/') || random.below(3) === 0 ? endedFlows : pendingFlows, random),
  }
}

function followed(body: unknown): Settings {
  const fields = z.looseObject({}).safeParse(body).data ?? {}
  return Object.fromEntries(Object.entries(fields).filter(([name]) => FOLLOWED.includes(name)))
}

function pickFrom(values: Iterable<string>, random: Random): string | undefined {
  const list = [...values]
  return list[random.below(list.length)]
}
