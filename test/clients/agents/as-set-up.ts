/** The agents with the very settings that `aqueduct setup` and the console's page give out. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { usualModels } from '../../../src/client-setups/client-setup.ts'
import { clientSetups } from '../../../src/client-setups/index.ts'
import { locateFile } from '../../../src/client-setups/locate-file.ts'
import { writePart } from '../../../src/client-setups/write-part.ts'
import type { Agent, Place } from '../agent.ts'
import { claudeCode } from './claude-code.ts'
import { codexes } from './codex.ts'
import { continueCli } from './continue.ts'
import { opencodes } from './opencode.ts'

interface Settled {
  agent: Agent | undefined
  /** As in `aqueduct setup NAME`. */
  setup: string
  args: (question: string, home: string) => readonly string[]
  /** What keeps the agent to its own home, and off the network. */
  environment?: (home: string) => Record<string, string>
}

const settled: readonly Settled[] = [
  {
    agent: claudeCode,
    setup: 'claude-code',
    args: (question) => ['-p', question],
    environment: () => ({ DISABLE_AUTOUPDATER: '1' }),
  },
  {
    agent: codexes[0],
    setup: 'codex',
    args: (question) =>
      'exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox'.split(' ').concat(question),
  },
  {
    agent: opencodes[0],
    setup: 'opencode',
    // A title of its own would be a second request beside the first.
    args: (question) => ['run', '--title', 'test', question],
    environment: (home) => ({
      XDG_CONFIG_HOME: path.join(home, '.config'),
      XDG_DATA_HOME: path.join(home, 'data'),
      XDG_STATE_HOME: path.join(home, 'state'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
    }),
  },
  {
    agent: continueCli,
    setup: 'continue',
    args: (question, home) =>
      ['-p', question, '--auto'].concat('--config', path.join(home, '.continue', 'config.yaml')),
    environment: (home) => ({
      CONTINUE_GLOBAL_DIR: path.join(home, '.continue'),
      CONTINUE_CLI_ENABLE_TELEMETRY: '0',
      CONTINUE_METRICS_ENABLED: '0',
    }),
  },
]

export const agentsAsSetUp: readonly Agent[] = settled.flatMap(({ agent, setup, args, environment }) =>
  agent === undefined
    ? []
    : [
        {
          ...agent,
          name: `${agent.name}, as set up`,
          prepare: (question, place) => ({
            args: args(question, place.home),
            environment: { ...environment?.(place.home), ...setUp(setup, place) },
          }),
          expected: { 'plain answer': { exit: 'success', requests: 1 } },
        },
      ],
)

/** Writes its files, and answers its variables. */
function setUp(name: string, { gatewayUrl, key, home }: Place): Record<string, string> {
  const setup = clientSetups.find((each) => each.name === name)
  const parts = setup?.parts({ origin: gatewayUrl, key, ...usualModels }) ?? []
  let variables: Record<string, string> = {}
  for (const part of parts) {
    if (part.kind === 'variables') variables = { ...variables, ...part.variables }
    if (part.kind !== 'file' || part.place === undefined) continue
    const file = locateFile(part.place, { platform: 'linux', environment: { HOME: home } })
    if (file === undefined) continue
    mkdirSync(path.dirname(file.path), { recursive: true })
    writeFileSync(file.path, writePart(part, 'sh').text)
  }
  return variables
}
