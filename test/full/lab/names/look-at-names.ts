/** Where names are shown, and what has become of each page with them. */
import type { Page } from 'playwright-core'
import type { BrowserLab } from '../../../browser/browser-lab.ts'
import { go, inTab, show, type Looked } from './tab.ts'
import { failWithNames, feedNames } from './feed-names.ts'
import { findHarm, findUnread } from './find-harm.ts'
import type { NamedGateway, Thing } from './named-gateway.ts'

const OVERVIEW = '/'
const ACCOUNTS = '/console/accounts'
const KEYS = '/console/keys'
const TOKENS = '/console/settings?group=access'
const PAGES = [
  OVERVIEW,
  ACCOUNTS,
  KEYS,
  TOKENS,
  '/console/requests?range=1h',
  '/console/events',
  '/console/playground?model=claude-sonnet-4.5&model2=claude-haiku-4.5',
  '/console/setup',
  '/console/accounts?add=1',
  '/console/settings?group=about',
  '/console/settings?group=pool',
] as const
const TABS = ['summary', 'activity', 'requests', 'tokens', 'errors', 'settings', 'audit'] as const

/** Addresses that somebody may be sent: the name stands in one. */
const SOUGHT = [
  '/console/accounts?q=',
  '/console/accounts?tag=',
  '/console/keys?q=',
  '/console/requests?model=',
  '/console/requests?search=',
  '/console/requests?client=',
  '/console/events?subject=',
  '/console/settings?q=',
  '/console/setup?base=',
  '/console/playground?model=',
  '/console/playground?replay=',
  '/console/accounts?account=',
] as const

/** What cannot be found, or is none of the words that the gateway looks for. */
const REFUSED = [/^40[04] \/v2\//]

interface Round {
  lab: BrowserLab
  named: NamedGateway
  names: readonly string[]
  isPhone: boolean
}

/** All places with one batch of names, told as they are looked at. */
export async function* lookAtNames(round: Round): AsyncGenerator<Looked> {
  for (const look of [lookAtPages, openEach, seekEach, lookAtFedPages, lookAtFailedPages]) yield look(round)
}

/** What the pages make of names that the gateway has taken: all are there, and are read as they were given. */
function lookAtPages({ lab, named, isPhone }: Round): Promise<Looked> {
  const listed = new Map<string, readonly Thing[]>([
    [ACCOUNTS, named.accounts],
    [KEYS, named.keys],
    [TOKENS, named.tokens],
  ])
  return inTab({ lab, named, isPhone }, async ({ page, look }) => {
    for (const path of PAGES) {
      await show(page, `${named.gateway.url}${path}`)
      const names = (listed.get(path) ?? []).map(({ name }) => name)
      await look(path, async () => [...(await findHarm(page, path)), ...(await findUnread(page, names))])
    }
  })
}

/** What belongs to one name, in the narrowest window, without loading the page anew. */
function openEach({ lab, named, isPhone }: Round): Promise<Looked> {
  return inTab({ lab, named, isPhone, expected: REFUSED }, async ({ page, lookNarrowly }) => {
    const open = async (path: string, find: () => Promise<string[]>) => {
      await go(page, path)
      await page.locator('dialog[open]').waitFor()
      await lookNarrowly(path, async () => [...(await findHarm(page, path)), ...(await find())])
    }
    await show(page, `${named.gateway.url}${ACCOUNTS}`)
    for (const [at, { id, name }] of named.accounts.entries()) {
      await open(`${ACCOUNTS}?account=${id}&tab=${TABS[at % TABS.length]}`, () => findUnread(page, [name]))
      if (at % 6 === 0) await open(`${ACCOUNTS}?edit=${id}`, () => findUnread(page, []))
    }
    for (const [at, { id }] of named.keys.entries()) {
      await open(`${KEYS}?${at % 2 === 0 ? 'key' : 'rotate'}=${id}`, () => findUnread(page, []))
    }
  })
}

/** Links that somebody may be sent, with a name in each. */
function seekEach({ lab, named, names, isPhone }: Round): Promise<Looked> {
  return inTab({ lab, named, isPhone, expected: REFUSED }, async ({ page, lookNarrowly }) => {
    await show(page, `${named.gateway.url}${ACCOUNTS}`)
    for (const [at, name] of names.entries()) {
      const path = `${SOUGHT[at % SOUGHT.length]}${encodeURIComponent(name.toWellFormed())}`
      await go(page, path)
      await lookNarrowly(path, () => findHarm(page, path))
    }
  })
}

/** Names in every text of every answer, of those that only the service gives out too. */
function lookAtFedPages({ lab, named, names, isPhone }: Round): Promise<Looked> {
  const account = named.accounts[0]?.id
  const paths = [
    ...TABS.map((tab) => `${ACCOUNTS}?account=${account}&tab=${tab}`),
    `${ACCOUNTS}?edit=${account}`,
    `${KEYS}?key=${named.keys[0]?.id}`,
    '/console/events?event=5',
    ...PAGES,
    '/console/settings?group=data',
  ]
  const wishes = { lab, named, isPhone, prepare: feedNames(names), expected: REFUSED }
  return inTab(wishes, async ({ page, look }) => {
    for (const path of paths) {
      await show(page, `${named.gateway.url}${path}`)
      await openRequest(page, path)
      await look(`${path}, fed`, () => findHarm(page, path))
    }
  })
}

/** By a link of the page, as its id is the gateway's. */
async function openRequest(page: Page, path: string): Promise<void> {
  if (!path.startsWith('/console/requests')) return
  await page.locator('.requests-open').first().click()
  await page.locator('dialog[open] h3').first().waitFor()
}

function lookAtFailedPages({ lab, named, names, isPhone }: Round): Promise<Looked> {
  const wishes = { lab, named, isPhone, prepare: failWithNames(names), expected: [/^500 \/v2\//] }
  return inTab(wishes, async ({ page, look }) => {
    for (const path of PAGES) {
      await show(page, `${named.gateway.url}${path}`)
      await look(`${path}, failed`, () => findHarm(page, path))
    }
  })
}
