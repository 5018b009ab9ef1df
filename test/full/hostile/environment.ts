/** Hostile environments, and what has to come of them. */
import { readGivenPassword } from '../../../src/access/given-password.ts'
import { readConfig } from '../../../src/config.ts'
import { StartError } from '../../../src/start-error.ts'
import { locateDatabase } from '../../../src/storage/location.ts'
import { anyText, CANARY, kinds, STRANGE, type Expectation } from './environment-kinds.ts'
import type { Random } from './random.ts'

export interface HostileEnvironment {
  environment: Record<string, string>
  expected: ReadonlyMap<string, Expectation>
}

/** Names that mean nothing here, some only nearly. */
const FOREIGN: readonly [string, ...string[]] = [
  'OPENAI_KEY',
  'ADMIN_PASSWORT',
  'port',
  'HOST ',
  'PATH',
  'LC_ALL',
  'X'.repeat(2000),
  '__proto__',
  'constructor',
  'toString',
  'ＰＯＲＴ',
  '-',
  '\u{1F6B0}',
]

/** One to six settings, of whatever kind, among names that mean nothing. `names`: all that the gateway knows. */
export function hostileEnvironment(random: Random, names: readonly string[]): HostileEnvironment {
  const expected = new Map<string, Expectation>()
  const values = new Map<string, string>()
  for (let left = 1 + random.below(6); left > 0; left -= 1) {
    const name = names[random.below(names.length)] ?? 'PORT'
    const kind = kinds[name]
    const { value, fits } = (kind ?? anyText)(random)
    values.set(name, value)
    expected.set(name, kind === undefined ? 'unknown' : fits)
  }
  for (let left = random.below(3); left > 0; left -= 1) {
    values.set(random.pick(FOREIGN), random.pick(STRANGE))
  }
  return { environment: Object.fromEntries(values), expected }
}

/** Throws when an environment is not read as it has to be. Answers what came of it. */
export function checkEnvironment({ environment, expected }: HostileEnvironment): 'taken' | 'refused' {
  const outcome = read(environment)
  const again = read(environment)
  if (JSON.stringify(outcome) !== JSON.stringify(again)) fail('it is read in two ways')
  if (typeof outcome === 'object') {
    checkTaken(outcome, expected)
    return 'taken'
  }
  checkRefusal(outcome, expected)
  return 'refused'
}

type Config = ReturnType<typeof readConfig>

/** A config, or the line that the gateway ends with. */
function read(environment: Record<string, string>): Config | string {
  try {
    const config = readConfig(environment)
    locateDatabase(config.databaseUrl, config.dataDirectory)
    if (config.consoleEnabled) readGivenPassword(config.adminPassword, config.adminPasswordHash)
    return config
  } catch (error) {
    if (error instanceof StartError && error.exitCode === 78) return error.message
    throw error
  }
}

function checkTaken(config: Config, expected: HostileEnvironment['expected']): void {
  const unfit = [...expected].filter(([, fits]) => fits === false).map(([name]) => name)
  if (unfit.length > 0) fail(`it is taken with ${unfit.join(', ')}`)
  const odd = Object.entries(config).filter(
    ([, value]) => typeof value === 'number' && !(value >= 0 && !Number.isNaN(value)),
  )
  if (odd.length > 0) fail(`${JSON.stringify(odd)} are no numbers`)
  if (config.workers > config.maxConcurrentRequests) fail('there are more workers than requests')
}

/** Throws when a gateway should not end with this line. */
export function checkRefusal(line: string, expected: HostileEnvironment['expected']): void {
  const [name = ''] = line.split(/[ :]/, 1)
  const fits = expected.get(name)
  if (fits === undefined) fail(`the line does not begin with a variable that was set: ${line}`)
  if (fits === true && !line.startsWith('WORKERS must not be more than')) fail(`it was fit: ${line}`)
  // Control characters and marks of direction would forge lines of a log.
  if (!/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]{10,400}$/u.test(line))
    fail('it is not one plain line')
  if (line.includes(CANARY)) fail('the line repeats what may be a secret')
}

function fail(problem: string): never {
  throw new Error(`Broken promise: ${problem}`)
}
