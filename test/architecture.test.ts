import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** What an account is: the words in which the rest is said. */
const account = [
  'accounts/account.ts',
  'accounts/status.ts',
  'accounts/quota.ts',
  'accounts/account-store.ts',
] as const

/**
 * Who may import whom, from the bottom up. A name is a folder of src/, or a single file in it; a place may always import
 * from itself, and everybody the leaves `clock.ts` and `start-error.ts`. Only gateway.ts, main.ts and what
 * main.ts runs, and the command line, see everything.
 */
const allowed: Record<string, readonly string[]> = {
  'clock.ts': [],
  'create-ids.ts': [],
  'start-error.ts': [],
  config: ['outbound'],
  'config.ts': ['config', 'outbound'],
  'scratch-folder.ts': [],
  conversation: [],
  outbound: ['conversation'],
  // Work beside requests: who does it, and how a request waits for it.
  background: ['conversation'],
  dialects: ['conversation'],
  // How images are read is said there once.
  'remote-images': ['conversation', 'dialects'],
  demands: ['conversation'],
  // Answers that later requests go on from.
  'kept-answers': ['conversation', 'background', 'dialects'],
  // What is said in calls, for as long as an operator wants that.
  captures: ['conversation', 'background', 'access', 'events'],
  // The words for credits, for whoever reads, keeps or weighs them.
  'accounts/quota.ts': [],
  'accounts/status.ts': ['conversation'],
  'accounts/account.ts': ['conversation', 'accounts/status.ts'],
  'accounts/account-store.ts': ['accounts/account.ts', 'events'],
  // How a status moves, and what it allows.
  'accounts/standing': ['conversation', ...account],
  'accounts/slots': ['conversation'],
  'accounts/pool': ['conversation', ...account, 'accounts/standing', 'accounts/slots'],
  'accounts/tokens': ['conversation', 'background', ...account, 'accounts/standing', 'accounts/pool'],
  // What operators and sign-ins do with accounts.
  accounts: [
    'conversation',
    'background',
    'events',
    ...account,
    'accounts/standing',
    'accounts/pool',
    'accounts/tokens',
  ],
  'upstreams/upstream.ts': ['conversation', 'accounts/quota.ts'],
  'upstreams/amazon-q': ['conversation', 'upstreams/upstream.ts', 'outbound', 'accounts/quota.ts'],
  'sign-in': [
    'conversation',
    'background',
    ...account,
    'accounts/standing',
    'accounts/tokens',
    'accounts',
    'outbound',
    'events',
  ],
  access: ['conversation', 'background', 'events'],
  events: ['conversation'],
  keys: ['conversation', 'background', 'access', 'events'],
  models: ['conversation', 'background', 'upstreams/upstream.ts', ...account],
  profiles: ['conversation', 'background', 'upstreams/upstream.ts', ...account, 'accounts/pool'],
  // How cursors are signed is said with the events.
  calls: ['conversation', 'background', 'events'],
  relay: [
    'conversation',
    'background',
    'demands',
    'upstreams/upstream.ts',
    ...account,
    'accounts/standing',
    'accounts/pool',
    'accounts/tokens',
    'models',
    'profiles',
    'calls',
  ],
  // A relay around the relay, which searches with the accounts or with the operator's backend.
  'web-search': [
    'conversation',
    'outbound',
    'upstreams/upstream.ts',
    ...account,
    'accounts/pool',
    'accounts/tokens',
    'profiles',
    'calls',
    'relay',
  ],
  // Beside what accounts have, what clients have used.
  quotas: [
    'conversation',
    'background',
    'upstreams/upstream.ts',
    ...account,
    'accounts/standing',
    'accounts',
  ],
  // What keys were granted, held against what they use.
  limits: ['conversation', 'access', 'accounts/slots', 'quotas', 'models', 'upstreams/upstream.ts'],
  storage: [
    'conversation',
    'background',
    ...account,
    'accounts/standing',
    'accounts/tokens',
    'accounts',
    'access',
    'sign-in',
    'quotas',
    'keys',
    'events',
    'calls',
    'kept-answers',
    'captures',
    'settings',
  ],
  // Accounts that other programs keep: which sign-ins and exports there are is said elsewhere.
  'import-sources': ['conversation', ...account, 'accounts', 'sign-in', 'access', 'scratch-folder.ts'],
  // Files that hold a whole database, under lock.
  backup: ['access', 'storage'],
  'token-counts': ['conversation'],
  // What was set in the console, and what of it holds.
  settings: ['conversation', 'background', 'events', 'config', 'config.ts'],
  workers: ['conversation', 'config.ts', 'accounts/slots'],
  program: ['access'],
  // What to write into which client.
  'client-setups': ['conversation'],
  http: [
    'conversation',
    'dialects',
    'kept-answers',
    'captures',
    'relay',
    'calls',
    'remote-images',
    ...account,
    'accounts/pool',
    'accounts',
    'access',
    'outbound',
    'sign-in',
    'models',
    'upstreams/upstream.ts',
    'token-counts',
    'quotas',
    'limits',
    'keys',
    'events',
    'client-setups',
    'settings',
  ],
}
const leaves = ['clock.ts', 'start-error.ts']
const roots = ['src/gateway.ts', 'src/main.ts', 'src/hash-password.ts', 'src/version.ts']
const isRoot = (path: string) =>
  roots.includes(path) || path.startsWith('src/composition/') || path.startsWith('src/cli/')

const sourceFiles = (pattern: string) =>
  globSync(pattern, { cwd: root }).filter((path) => !path.endsWith('.test.ts') && !path.includes('.suite.'))

/** The repository's own files that a file imports, as paths from the root. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].flatMap(
    ([, found]) => found ?? [],
  )
  return specifiers.map((specifier) => relative(root, join(root, dirname(path), specifier)))
}

/** The place of the table that a file of src/ belongs to: the longest name that fits. */
function placeOf(path: string): string {
  const inside = relative('src', path)
  const names = Object.keys(allowed).filter((name) => inside === name || inside.startsWith(`${name}/`))
  return names.toSorted((a, b) => b.length - a.length)[0] ?? inside
}

/** Where the shapes of the operator's routes are. */
const isContract = (target: string) => /^src\/(http\/admin\/[\w-]+|accounts\/status)\.ts$/.test(target)

describe('the dependency rules', () => {
  const files = sourceFiles('src/**/*.ts')

  it('find the sources', () => {
    expect(files.length).toBeGreaterThan(30)
    expect(importsOf('src/composition/engine.ts').length).toBeGreaterThan(5)
  })

  it('run one way', () => {
    const aboveOnce = (place: string, above: readonly string[]): void => {
      expect(above).not.toContain(place)
      for (const below of allowed[place] ?? []) aboveOnce(below, [...above, place])
    }
    for (const place of Object.keys(allowed)) aboveOnce(place, [])
  })

  it.each(files.filter((path) => !isRoot(path)))('hold for %s', (path) => {
    const place = placeOf(path)
    const mayImport = [place, ...leaves, ...(allowed[place] ?? [])]
    expect(Object.keys(allowed)).toContain(place)
    expect(
      importsOf(path).filter((target) => !target.startsWith('src/') || !mayImport.includes(placeOf(target))),
    ).toEqual([])
  })

  it.each(sourceFiles('simulator/**/*.ts'))('keep %s apart from the gateway', (path) => {
    expect(importsOf(path).filter((target) => !target.startsWith('simulator/'))).toEqual([])
  })

  const consoleFiles = sourceFiles('console/**/*.{ts,tsx}')

  it('find the console', () => {
    expect(consoleFiles.length).toBeGreaterThan(30)
  })

  /** Without imports of their own: which links lead to AWS, and how texts are quoted, both have to say in the same way. */
  const usedByBoth = ['src/sign-in/aws-links.ts', 'src/client-setups/fill-template.ts']

  it.each(consoleFiles)('let %s take nothing but types from the gateway', (path) => {
    const foreign = importsOf(path).filter(
      (target) => !target.startsWith('console/') && !usedByBoth.includes(target),
    )
    expect(foreign.filter((target) => path !== 'console/api/types.ts' || !isContract(target))).toEqual([])
    const text = readFileSync(join(root, path), 'utf8').replaceAll(
      /^import .*(sign-in\/aws-links|client-setups\/fill-template).*\n/gm,
      '',
    )
    expect(text).not.toMatch(/^(import|export) (?!type)[^;]*?from '[^']*\/src\//m)
  })

  it.each(files)('keep what %s does not use of zod out of the bundle', (path) => {
    // By its export `z` comes all of it: the messages in 60 languages are a seventh of the gateway.
    expect(readFileSync(join(root, path), 'utf8')).not.toMatch(/import (type )?\{.*\} from 'zod'/)
  })

  it('let no two dialects see each other', () => {
    const dialects = ['anthropic-messages', 'openai-chat', 'openai-responses']
    const crossings = dialects.flatMap((dialect) =>
      sourceFiles(`src/dialects/${dialect}/*.ts`).flatMap((path) =>
        importsOf(path).filter((target) =>
          dialects.some((other) => other !== dialect && target.startsWith(`src/dialects/${other}/`)),
        ),
      ),
    )
    expect(crossings).toEqual([])
  })
})
