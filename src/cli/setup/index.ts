import { clientSetups } from '../../client-setups/index.ts'
import type { ClientSetup } from '../../client-setups/client-setup.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { CommandError, UsageError } from '../command-error.ts'
import { jsonOption, show } from '../show.ts'
import { writeTable } from '../terminal/write-table.ts'
import { checkClient } from './check-client.ts'
import { findOwnOrigin, findValues } from './find-values.ts'
import { makeKey } from './make-key.ts'
import { tellSetup, writeFindings } from './tell-setup.ts'
import { planFiles, writeFiles } from './write-files.ts'

export function createSetupCommand(cli: Cli): Command {
  return createCommand({
    name: 'setup',
    description: 'Tells what to set in a client so that it uses the gateway, or writes its settings file.',
    examples: [
      'setup',
      'setup claude-code --new-key laptop --write',
      'setup codex --key - --write --yes',
      'setup opencode --model claude-opus-4.5',
      'setup cline --key YOUR_KEY --check',
    ],
    args: {
      client: { type: 'positional', required: false, description: 'Its name; without one, all are listed.' },
      url: { type: 'string', description: "The gateway's address, in place of that of its settings." },
      key: { type: 'string', description: 'The key to set; - reads it from standard input.' },
      'new-key': { type: 'string', description: 'Makes a key of this name for it.', valueHint: 'name' },
      model: { type: 'string', description: 'The model to set.' },
      write: { type: 'boolean', description: 'Writes the settings file, after asking.' },
      check: {
        type: 'boolean',
        description: 'Asks the gateway as the client would, at the cost of one short answer.',
      },
      yes: { type: 'boolean', alias: 'y', description: 'Does not ask.' },
      ...jsonOption,
    },
    run: async (args) => {
      if (args.client === undefined) return list(cli, args)
      await setUp(findSetup(args.client), args, cli)
    },
  })
}

interface Wishes {
  url?: string | undefined
  key?: string | undefined
  'new-key'?: string | undefined
  model?: string | undefined
  write?: boolean | undefined
  check?: boolean | undefined
  yes?: boolean | undefined
  json?: boolean | undefined
}

function list(cli: Cli, { json, ...wishes }: Wishes): void {
  const [wish] = Object.entries(wishes).find(([name, value]) => name in OF_ONE && value !== undefined) ?? []
  if (wish !== undefined) throw new UsageError(`--${wish} is for one client: name it.`)
  const clients = clientSetups.map((setup) => ({
    name: setup.name,
    title: setup.title,
    canBeWritten: hasFile(setup),
  }))
  const columns = [
    { title: 'NAME', read: ({ name }: (typeof clients)[number]) => name },
    { title: 'CLIENT', read: ({ title }: (typeof clients)[number]) => title },
    {
      title: '--WRITE',
      read: ({ canBeWritten }: (typeof clients)[number]) => (canBeWritten ? 'its settings file' : '-'),
    },
  ]
  show(cli, json, {
    data: { clients, count: clients.length },
    text: () => writeTable(clients, columns, cli.terminal.columns),
  })
}

const OF_ONE = { url: true, key: true, 'new-key': true, model: true, write: true, check: true }

function findSetup(name: string): ClientSetup {
  const setup = clientSetups.find((each) => each.name === name)
  if (setup !== undefined) return setup
  throw new UsageError(`There is no client "${name}": aqueduct setup lists those there are.`)
}

function hasFile(setup: ClientSetup): boolean {
  const values = { origin: '', key: '', model: '', smallModel: '' }
  return setup.parts(values).some((part) => part.kind === 'file' && part.place !== undefined)
}

async function setUp(setup: ClientSetup, wishes: Wishes, cli: Cli): Promise<void> {
  const { json, yes, write, check, url, 'new-key': newKey } = wishes
  if (wishes.key !== undefined && newKey !== undefined) throw new UsageError('--key or --new-key, not both.')
  if (write === true && !hasFile(setup)) {
    throw new UsageError(`${setup.title} has no settings file to write: see aqueduct setup ${setup.name}`)
  }
  const given = await findValues(setup, wishes, cli)
  if (write === true) await planFiles({ setup, values: given, isNewKey: newKey !== undefined, yes }, cli)
  const values = newKey === undefined ? given : { ...given, key: await makeKey(newKey, cli) }
  const written = write === true ? await writeFiles(setup, values, cli) : undefined
  const findings =
    check === true
      ? await checkClient(setup, { ...values, origin: findOwnOrigin(url, cli) }, cli.terminal.interrupted)
      : undefined
  const told = tellSetup(setup, { values, written, platform: process.platform }, cli)
  show(cli, json, {
    data: { ...told.data, ...(findings !== undefined && { check: findings }) },
    text: () => told.text() + (findings === undefined ? '' : writeFindings(findings, cli)),
  })
  const faults = findings?.filter(({ state }) => state === 'bad').length ?? 0
  if (faults > 0) throw new CommandError(`${setup.title} would not be answered.`)
}
