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
  load: () => Promise<ComponentType>
}

export const pages: readonly Page[] = [
  {
    path: '',
    title: 'pageOverview',
    icon: 'overview',
    key: 'o',
    load: () => import('./entries/overview.ts').then(({ OverviewPage }) => OverviewPage),
  },
  {
    path: 'accounts',
    title: 'pageAccounts',
    icon: 'accounts',
    key: 'a',
    load: () => import('./entries/accounts.ts').then(({ AccountsPage }) => AccountsPage),
  },
  {
    path: 'keys',
    title: 'pageKeys',
    icon: 'keys',
    key: 'k',
    load: () => import('./entries/keys.ts').then(({ KeysPage }) => KeysPage),
  },
  {
    path: 'events',
    title: 'pageEvents',
    icon: 'events',
    key: 'e',
    load: () => import('./entries/events.ts').then(({ EventsPage }) => EventsPage),
  },
  {
    path: 'settings',
    title: 'pageSettings',
    icon: 'settings',
    key: 't',
    load: () => import('./entries/settings.ts').then(({ SettingsPage }) => SettingsPage),
  },
]
