/** Every state that a page of the console can be in: empty, loading, failed, and with each drawer and dialog open. */
import type { Page } from 'playwright-core'
import { listPages, listPlaces, type Place } from './console-pages.ts'
import { listDialogs } from './console-dialogs.ts'
import type { ShownIds } from './shown-gateway.ts'

export interface ConsoleState extends Place {
  /** Before which gateway: one that has something to show, one that is new, one that wants the password, or one for this visit alone, which changes it. */
  at: 'shown' | 'new' | 'locked' | 'own'
  /** Before the page is asked for. */
  prepare?: (page: Page) => Promise<unknown>
  /** Brings it about, in whatever language. */
  reach?: (page: Page) => Promise<unknown>
  /** Answers that are no success and meant to be none. */
  expected?: readonly (string | RegExp)[]
  /** Where there is no such thing on the other. */
  only?: 'phone' | 'desk'
  /** It stays one that loads. */
  isLoading?: true
}

export function listStates(ids: ShownIds): ConsoleState[] {
  return [
    ...listPlaces().map((place) => ({ ...place, at: 'shown' as const })),
    ...listPages().flatMap(statesOf),
    ...listOutcomes(ids),
    ...listDialogs(ids),
    ...atTheDoor,
  ]
}

/** Those that every page has. */
function statesOf({ name, path }: Place): ConsoleState[] {
  const broken = /^500 \/v2\//
  return [
    { name: `${name}, with nothing to show`, path, at: 'new' },
    { name: `${name}, failed`, path, at: 'shown', prepare: failAll, expected: [broken] },
    { name: `${name}, loading`, path, at: 'shown', prepare: answerNothing, isLoading: true },
  ]
}

const isData = (url: URL) => url.pathname.startsWith('/v2/') && url.pathname !== '/v2/session'

function failAll(page: Page) {
  const error = { message: 'The database does not answer.', type: 'api_error', code: 'internal_error' }
  return page.route(isData, (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/json',
      headers: { 'x-request-id': 'req_of_the_failure' },
      body: JSON.stringify({ error }),
    }),
  )
}

/** They are never answered; they end with the page. */
function answerNothing(page: Page) {
  return page.route(isData, () => undefined)
}

/** Each reading of bodies is recorded, and would be seen on other pages. */
function answerBodies(body: string) {
  return (page: Page) =>
    page.route('**/v2/calls/*/bodies', (route) => route.fulfill({ contentType: 'application/json', body }))
}

/** What a page comes to with one address or another. */
function listOutcomes(ids: ShownIds): ConsoleState[] {
  const at = 'shown' as const
  const gone = '/console/requests?request=req_gone'
  return [
    { name: 'no such account', path: '/console/accounts?q=zzzz', at },
    { name: 'no such key', path: '/console/keys?q=zzzz', at },
    { name: 'no such request', path: '/console/requests?search=zzzzzzzzzzzz', at },
    { name: 'no such event', path: '/console/events?subject=zzzz', at },
    { name: 'no such setting', path: '/console/settings?q=zzzz', at },
    { name: 'an overview of a month', path: '/?range=30d&latency=total', at },
    { name: 'a request that is gone', path: gone, at, expected: ['404 /v2/calls/req_gone'] },
    {
      name: 'a request again',
      path: `/console/playground?replay=${ids.capturedCall}`,
      at,
      prepare: answerBodies(ids.capturedBodies),
    },
    ...['refresh', 'answers', 'limits', 'network', 'data', 'encryption', 'logging'].map((group) => ({
      name: `settings: ${group}`,
      path: `/console/settings?group=${group}`,
      at,
    })),
    ...['claude-code', 'codex', 'cherry-studio', 'curl'].map((client) => ({
      name: `setting up ${client}`,
      path: `/console/setup?client=${client}`,
      at,
    })),
  ]
}

const UNKNOWN = '401 /v2/session'

const atTheDoor: readonly ConsoleState[] = [
  {
    name: 'the door',
    path: '/',
    at: 'locked',
    expected: [UNKNOWN],
    reach: (page) => page.locator('input[type=password]').waitFor(),
  },
  {
    name: 'the door, after a wrong password',
    path: '/',
    at: 'locked',
    expected: [UNKNOWN, /^(401|429) \/v2\/session/],
    async reach(page) {
      await page.locator('input[type=password]').fill('certainly wrong')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
    },
  },
]
