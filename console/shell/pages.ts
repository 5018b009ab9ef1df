/** The console's pages, in the order of the rail. A new page is one more entry. */
import type { ComponentType } from 'preact'
import type { IconName } from '../parts/icon.tsx'
import type { messages } from './messages.ts'

export interface Page {
  /** Below the console's root. */
  path: string
  title: keyof (typeof messages)['en'] & `page${string}`
  icon: IconName
  /** Pressed after `g`. */
  key: string
  /** On a phone, where four fit; the rest is behind "More". */
  isInBar: boolean
  load: () => Promise<ComponentType>
}

export const pages: readonly Page[] = [
  {
    path: '',
    title: 'pageOverview',
    icon: 'overview',
    key: 'o',
    isInBar: true,
    load: () => import('./entries/overview.ts').then(({ OverviewPage }) => OverviewPage),
  },
  {
    path: 'requests',
    title: 'pageRequests',
    icon: 'requests',
    key: 'r',
    isInBar: true,
    load: () => import('./entries/requests.ts').then(({ RequestsPage }) => RequestsPage),
  },
  {
    path: 'accounts',
    title: 'pageAccounts',
    icon: 'accounts',
    key: 'a',
    isInBar: true,
    load: () => import('./entries/accounts.ts').then(({ AccountsPage }) => AccountsPage),
  },
  {
    path: 'keys',
    title: 'pageKeys',
    icon: 'keys',
    key: 'k',
    isInBar: false,
    load: () => import('./entries/keys.ts').then(({ KeysPage }) => KeysPage),
  },
  {
    path: 'playground',
    title: 'pagePlayground',
    icon: 'playground',
    key: 'p',
    isInBar: true,
    load: () => import('./entries/playground.ts').then(({ PlaygroundPage }) => PlaygroundPage),
  },
  {
    path: 'setup',
    title: 'pageSetup',
    icon: 'setup',
    key: 's',
    isInBar: false,
    load: () => import('./entries/setup.ts').then(({ SetupPage }) => SetupPage),
  },
  {
    path: 'events',
    title: 'pageEvents',
    icon: 'events',
    key: 'e',
    isInBar: false,
    load: () => import('./entries/events.ts').then(({ EventsPage }) => EventsPage),
  },
  {
    path: 'settings',
    title: 'pageSettings',
    icon: 'settings',
    key: 't',
    isInBar: false,
    load: () => import('./entries/settings.ts').then(({ SettingsPage }) => SettingsPage),
  },
]
