/** Every drawer, dialog and menu of the console, and what has to be done for it. By places and keys: it is done in both languages. */
import type { Page } from 'playwright-core'
import type { ConsoleState } from './console-states.ts'
import type { ShownIds } from './shown-gateway.ts'

/** Before the gateway that has something to show, unless something is changed there. */
type Dialog = Omit<ConsoleState, 'at'> & Partial<Pick<ConsoleState, 'at'>>

export function listDialogs(ids: ShownIds): ConsoleState[] {
  const dialogs = [...ofAccounts(ids), ...ofKeys(ids), ...ofRequests(ids), ...ofOthers(ids), ...ofTheFrame]
  return dialogs.map((each) => ({ at: 'shown', ...each }))
}

/** What has to be there when it has come. */
const OPEN = 'dialog[open]'
const MENU = '.menu:popover-open'

const sees = (what: string) => (page: Page) => page.locator(what).first().waitFor()
const isOpen = sees(OPEN)

/** Presses what there is of these, one after the other. */
const presses =
  (...these: readonly string[]) =>
  async (page: Page) => {
    for (const each of these) await page.locator(each).filter({ visible: true }).first().click()
  }

/** Waits for the first, does the rest, and waits for the last. */
const through =
  (...steps: readonly ((page: Page) => Promise<unknown>)[]) =>
  async (page: Page) => {
    for (const step of steps) await step(page)
  }

const ROW_MENU = '[aria-haspopup=menu]'

function ofAccounts({ account }: ShownIds): Dialog[] {
  const accounts = '/console/accounts?sort=label'
  const byAddress = { account: account, edit: account, again: account, hand: '1', import: '1', export: '1' }
  const row = `main :is(tbody, .account-cards) ${ROW_MENU}`
  const select = 'main :is(tbody, .account-cards) input[type=checkbox]'
  return [
    ...Object.entries(byAddress).map(([name, value]) => ({
      name: `accounts: ${name}`,
      path: `${accounts}&${name}=${value}`,
      reach: isOpen,
    })),
    { name: 'menu of an account', path: accounts, reach: through(presses(row), sees(MENU)) },
    {
      name: 'deleting an account',
      path: accounts,
      reach: through(presses(row, `${MENU} .danger`), isOpen),
    },
    {
      name: 'views of the accounts',
      path: accounts,
      reach: through(presses('main .accounts-tools > button[popovertarget]'), sees(MENU)),
    },
    {
      name: 'saving a view',
      path: accounts,
      reach: through(presses('main .accounts-tools > button[popovertarget]', `${MENU} > .button`), isOpen),
    },
    {
      name: 'columns of the accounts',
      path: accounts,
      only: 'desk',
      reach: through(presses('main .accounts-tools > button[popovertarget] >> nth=1'), sees(MENU)),
    },
    {
      name: 'accounts that are selected',
      path: accounts,
      reach: through(presses(select), sees('.bulk-bar')),
    },
    {
      name: 'tagging accounts',
      path: accounts,
      reach: through(
        presses(select, `.bulk-bar ${ROW_MENU}`, `${MENU} .menu-item:nth-last-child(3)`),
        isOpen,
      ),
    },
    {
      name: 'accounts changed together',
      path: accounts,
      reach: through(presses(select, '.bulk-bar .button'), isOpen),
    },
    {
      name: 'signing in',
      at: 'own',
      // The list is told nothing of: what is known of its account comes a moment later.
      path: '/console/accounts?add=1&q=zzzz',
      reach: through(isOpen, presses(`${OPEN} .button.primary`), sees(`${OPEN} .user-code`)),
    },
  ]
}

function ofKeys({ key }: ShownIds): Dialog[] {
  return [
    { name: 'changing a key', path: `/console/keys?key=${key}`, reach: isOpen },
    { name: 'rotating a key', path: `/console/keys?rotate=${key}`, reach: isOpen },
    {
      name: 'menu of a key',
      path: '/console/keys',
      reach: through(presses(`main .row-tools ${ROW_MENU}`), sees(MENU)),
    },
    {
      name: 'a new key',
      at: 'own',
      path: '/console/keys?new=1',
      reach: through(
        isOpen,
        (page) => page.locator(`${OPEN} input`).first().fill('made to be looked at'),
        presses(`${OPEN} .dialog-foot .primary`),
        sees(`${OPEN} .new-key, ${OPEN} .snippet, ${OPEN} pre`),
      ),
    },
  ]
}

function ofRequests({ call, failedCall, capturedCall }: ShownIds): Dialog[] {
  const requests = '/console/requests?range=1h'
  const drawer = through(isOpen, sees(`${OPEN} h3`))
  return [
    { name: 'a request', path: `${requests}&request=${call}`, reach: drawer },
    { name: 'a request that failed', path: `${requests}&request=${failedCall}`, reach: drawer },
    { name: 'a request with its bodies', path: `${requests}&request=${capturedCall}`, reach: drawer },
    { name: 'recording bodies', path: `${requests}&capture=1`, reach: isOpen },
    {
      name: 'filters of the requests',
      path: requests,
      reach: through(presses('main .request-tools button[aria-expanded]'), sees('.request-filters')),
    },
    {
      name: 'saving requests',
      path: requests,
      reach: through(presses(`main .request-tools ${ROW_MENU}`), sees(MENU)),
    },
    { name: 'the histogram as a table', path: requests, reach: presses('main .histogram summary') },
  ]
}

const changeSetting = (page: Page) =>
  page.locator('#setting-ACCOUNT_STRATEGY select').selectOption('weighted')

function ofOthers({ event }: ShownIds): Dialog[] {
  const ask = through(
    (page) => page.locator('.composer textarea').fill('Say something.'),
    presses('.composer .primary'),
    sees('.answer-facts'),
  )
  const playground = '/console/playground?model=claude-sonnet-4.5'
  return [
    { name: 'an event', path: `/console/events?event=${event}`, reach: isOpen },
    {
      name: 'checking the record',
      path: '/console/events',
      reach: through(presses('main .button:has(svg)'), isOpen),
    },
    { name: 'an answer of the playground', at: 'own', path: playground, reach: ask },
    {
      name: 'what went over the line',
      at: 'own',
      path: playground,
      reach: through(ask, presses('[role=tab]:nth-child(2)')),
    },
    {
      name: 'a request as code',
      at: 'own',
      path: playground,
      reach: through(ask, presses('[role=tab]:nth-child(3)')),
    },
    {
      name: 'a setting that is changed',
      path: '/console/settings?group=pool',
      reach: through(changeSetting, sees('.save-bar')),
    },
    {
      name: 'settings before they are saved',
      path: '/console/settings?group=pool',
      reach: through(changeSetting, presses('.save-bar .primary'), isOpen),
    },
    {
      name: 'a check of a client',
      at: 'own',
      path: '/console/setup?client=claude-code',
      reach: through(
        (page) => page.locator('.setup-wishes input').first().fill('aq-a-key-that-is-none'),
        presses('.setup-proofs .button.primary, .setup-proofs .button'),
        sees('.setup-result'),
      ),
      expected: [/^401 \/v1\//],
    },
    {
      name: 'a link for a client',
      path: '/console/setup?client=cherry-studio',
      reach: through(
        (page) => page.locator('.setup-wishes input').first().fill('aq-a-key-that-is-none'),
        presses('.setup-snippets .button:not(.primary)'),
        isOpen,
      ),
    },
  ]
}

const ofTheFrame: readonly Dialog[] = [
  {
    name: 'the commands',
    path: '/console/keys',
    reach: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
    },
  },
  {
    name: 'the keys of the console',
    path: '/console/keys',
    reach: async (page) => {
      await page.keyboard.press('?')
      await page.locator(OPEN).waitFor()
    },
  },
  {
    name: 'the pages behind "More"',
    path: '/console/keys',
    only: 'phone',
    reach: through(presses('.rail-more'), isOpen),
  },
]
