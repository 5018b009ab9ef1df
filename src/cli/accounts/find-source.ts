/** Where accounts are that somebody wants to import. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

/** `name`: to be shown, without a password. */
export type SourcePlace = { name: string } & ({ input: true } | { location: string })

/** Stands for standard input. */
const INPUT = '-'
const DATABASE = 'data.sqlite3'

/** A file, a folder of q2api, the address of a server, the name of a program, or standard input. Throws a CommandError when it is not there. */
export function findSource(given: string, cli: Pick<Cli, 'environment' | 'pathOf'>): SourcePlace {
  if (given === INPUT) return { name: 'standard input', input: true }
  if (given.includes('://')) return { name: withoutPassword(given), location: given }
  const usual = usualPlaces(given, cli.environment)
  if (usual.length > 0) return findUsual(given, usual)
  const path = cli.pathOf(given)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return lookInFolder(given, path)
  return { name: given, location: path }
}

/** q2api keeps its accounts beside its settings, unless those name a server. */
function lookInFolder(name: string, folder: string): SourcePlace {
  const settings = join(folder, '.env')
  const { DATABASE_URL: url = '' } = existsSync(settings) ? parseEnv(readFileSync(settings, 'utf8')) : {}
  if (url.includes('://')) return { name: `${name} (${withoutPassword(url)})`, location: url }
  const location = join(folder, DATABASE)
  if (existsSync(location)) return { name: join(name, DATABASE), location }
  throw new CommandError(
    `${name} holds neither a ${DATABASE} nor a .env whose DATABASE_URL names a server: name the file itself.`,
    exitCodes.unavailable,
  )
}

function findUsual(program: string, places: readonly string[]): SourcePlace {
  const location = places.find((place) => existsSync(place))
  if (location !== undefined) return { name: location, location }
  throw new CommandError(
    `${program} keeps nothing where it usually does (${places.join(', ')}): name the file itself.`,
    exitCodes.unavailable,
  )
}

/** Of a program that is known by its name; for any other there are none. Those of all systems, as only one of them is there. */
function usualPlaces(program: string, environment: Cli['environment']): string[] {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
  if (program === 'kiro-ide') return [join(home, '.aws', 'sso', 'cache', 'kiro-auth-token.json')]
  if (program !== 'amazon-q' && program !== 'kiro-cli') return []
  return [
    environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'),
    join(home, 'Library', 'Application Support'),
    environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'),
  ].map((folder) => join(folder, program, DATABASE))
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'The address'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
