/** Every page of the console, and what can be opened on it by an address: whoever adds one has it looked at. */
import { readFileSync } from 'node:fs'

export interface Place {
  name: string
  path: string
}

/** Read as text: the pages themselves are code for browsers. */
export function listPages(): Place[] {
  const source = readFileSync(new URL('../../console/shell/pages.ts', import.meta.url), 'utf8')
  const paths = [...source.matchAll(/^ {4}path: '([^']*)'/gm)].map(([, path = '']) => path)
  return paths.map((path) => ({
    name: path === '' ? 'overview' : path,
    path: path === '' ? '/' : `/console/${path}`,
  }))
}

/** Pages and the dialogs on them that have an address. */
export function listPlaces(): Place[] {
  return [
    ...listPages(),
    { name: 'adding an account', path: '/console/accounts?add=1' },
    { name: 'making a key', path: '/console/keys?new=1' },
    { name: 'setting up Cursor', path: '/console/setup?client=cursor&base=https://q.example.com' },
    { name: 'setting up Open WebUI', path: '/console/setup?client=open-webui' },
    { name: 'comparing', path: '/console/playground?model=claude-sonnet-4.5&model2=claude-haiku-4.5' },
    { name: 'settings of the pool', path: '/console/settings?group=pool' },
    { name: 'what the gateway is', path: '/console/settings?group=about' },
    { name: 'no page', path: '/console/nothing' },
  ]
}
