/** All that is looked at, from the bottom up. What cannot be known without the step before is left out. */
import { readGivenPassword } from '../../access/given-password.ts'
import type { Config } from '../../config.ts'
import { StartError } from '../../start-error.ts'
import { VERSION } from '../../version.ts'
import type { Cli } from '../cli.ts'
import { checkAccounts } from './check-accounts.ts'
import { checkConsoleSettings } from './check-console-settings.ts'
import { checkDatabase, checkFolder } from './check-data.ts'
import { checkHosts } from './check-hosts.ts'
import { checkKeys } from './check-keys.ts'
import { checkNode } from './check-node.ts'
import { checkPort } from './check-port.ts'
import { checkProxy } from './check-proxy.ts'
import { bad, good, type Finding } from './finding.ts'

export async function examine(cli: Cli): Promise<Finding[]> {
  const node = checkNode(cli.nodeVersion)
  const config = readSettings(cli)
  if (!('host' in config)) return [node, config]
  const signal = cli.terminal.interrupted
  const { finding, mayBeOpened } = checkDatabase(config)
  return [
    node,
    good('Settings', 'They can be read.'),
    ...checkFolder(config),
    ...(finding === undefined ? [] : [finding]),
    ...(await checkProxy(config)),
    ...(mayBeOpened ? await examineData(cli, config) : []),
    await checkPort(config, { version: VERSION, signal }),
  ]
}

function readSettings(cli: Cli): Config | Finding {
  try {
    return cli.config()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return bad(
      'Settings',
      error.message,
      'Correct it in .env or the environment; .env.example explains each one.',
    )
  }
}

/** As a start would, which comes before any data. */
function refuseWrongPassword({ consoleEnabled, adminPassword, adminPasswordHash }: Config): void {
  if (consoleEnabled) readGivenPassword(adminPassword, adminPasswordHash)
}

/** What only the gateway's own pieces can tell. */
async function examineData(cli: Cli, config: Config): Promise<Finding[]> {
  try {
    refuseWrongPassword(config)
    return await cli.workOnline(async (bench) => [
      good('Database', 'It opens, and the master key opens its secrets.'),
      ...checkConsoleSettings(bench.settings),
      ...(await checkHosts(bench, { config, clock: cli.clock, signal: cli.terminal.interrupted })),
      ...checkAccounts(await bench.accounts.list({ sortBy: 'created_at', sortOrder: 'asc' })),
      checkKeys(await bench.keys.list(), config, cli.clock.now()),
    ])
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    // Some settings are held against the data, or are wrong in ways that only their use shows.
    const subject = /^[A-Z]+_[A-Z_]+ /.test(error.message) ? 'Settings' : 'Database'
    return [
      bad(subject, error.message, 'Follow that sentence; docs/hardening.md tells about keys and backups.'),
    ]
  }
}
