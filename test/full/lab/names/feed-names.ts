/** Pages whose data is full of hostile names: in every text that people, clients or the service have written. */
import type { Page, Route } from 'playwright-core'

/** Members of answers whose texts are somebody's own; the others are the gateway's. */
const OWN_TEXTS = new Set([
  'account_tags',
  'accountTags',
  'actor',
  'address',
  'addresses',
  'after',
  'before',
  'client',
  'detail',
  'displayName',
  'dialect',
  'email',
  'error',
  'findings',
  'ignored',
  'label',
  'message',
  'model',
  'modelUsed',
  'models',
  'name',
  'notes',
  'origin',
  'path',
  'plan',
  'prefix',
  'problem',
  'inConsole',
  'value',
  'profileArn',
  'profileInUse',
  'reason',
  'region',
  'repairs',
  'startUrl',
  'stopReason',
  'tags',
  'userId',
  'version',
  'via',
  'warnings',
])
/** Of them, those that are null while there is nothing to tell. */
const SELDOM_TOLD = new Set(['detail', 'email', 'error', 'problem', 'reason', 'startUrl'])
/** The session says who looks, the feed has no end, and Setup shows what the gateway itself has written. */
const LEFT_ALONE = ['/v2/session', '/v2/feed', '/v2/setups']

const isFed = (url: URL) => url.pathname.startsWith('/v2/') && !LEFT_ALONE.includes(url.pathname)

/** For the visit. */
export function feedNames(names: readonly string[]): (page: Page) => Promise<unknown> {
  let dealt = 0
  const deal = () => {
    dealt += 1
    return names[dealt % names.length] ?? ''
  }
  return (page) => page.route(isFed, (route) => answerWithNames(route, deal))
}

/** Whatever is asked for fails, each time with another reason. */
export function failWithNames(names: readonly string[]): (page: Page) => Promise<unknown> {
  let told = 0
  return (page) =>
    page.route(isFed, (route) => {
      told += 1
      const message = names[told % names.length] ?? ''
      const error = { message, type: message, code: message, param: message }
      return route.fulfill({ status: 500, contentType: 'application/json', body: JSON.stringify({ error }) })
    })
}

async function answerWithNames(route: Route, deal: () => string): Promise<void> {
  const answer = await route.fetch()
  const contentType = answer.headers()['content-type'] ?? ''
  if (!contentType.startsWith('application/json')) return route.fulfill({ response: answer })
  const body: unknown = await answer.json()
  const told = JSON.stringify(withNames(body, { isOwn: false, deal }))
  return route.fulfill({ status: answer.status(), contentType, body: told })
}

interface Dealing {
  /** Whether a text here is somebody's own. */
  isOwn: boolean
  deal: () => string
}

function withNames(value: unknown, { isOwn, deal }: Dealing): unknown {
  if (typeof value === 'string') return isOwn ? deal() : value
  if (Array.isArray(value)) return value.map((each) => withNames(each, { isOwn, deal }))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => {
    const told: unknown = member === null && SELDOM_TOLD.has(name) ? '' : member
    return [name, withNames(told, { isOwn: OWN_TEXTS.has(name), deal })]
  })
  return Object.fromEntries(members)
}
