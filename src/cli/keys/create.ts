import { createKeyBody } from '../../http/admin/key-contract.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { UsageError } from '../command-error.ts'
import { jsonOption } from '../show.ts'
import { showSecret } from './show-secret.ts'

const DAY_MS = 86_400_000

export function createCreateCommand(cli: Cli): Command {
  return createCommand({
    name: 'create',
    description: 'Makes a key for a client, and shows it once.',
    examples: [
      'keys create laptop',
      'keys create ci --days 30 --models claude-sonnet-4.5 --requests-per-minute 60',
    ],
    args: {
      name: { type: 'positional', required: true, description: 'What the key is called.' },
      days: { type: 'string', description: 'After so many days it expires.', valueHint: 'number' },
      models: { type: 'string', description: 'Only these models, separated by commas.' },
      'account-tags': { type: 'string', description: 'Only accounts with one of these tags.' },
      addresses: { type: 'string', description: 'Only from these addresses or ranges.' },
      'requests-per-minute': { type: 'string', valueHint: 'number' },
      'tokens-per-day': { type: 'string', valueHint: 'number' },
      'credits-per-month': { type: 'string', valueHint: 'number' },
      ...jsonOption,
    },
    run: async (args) => {
      const { json, name, models, addresses } = args
      const settings = parseBody(createKeyBody, {
        name,
        ...(args.days !== undefined && { expires_at: inDays(args.days, cli.clock.now()) }),
        ...(models !== undefined && { models: listOf(models) }),
        ...(args['account-tags'] !== undefined && { account_tags: listOf(args['account-tags']) }),
        ...(addresses !== undefined && { addresses: listOf(addresses) }),
        limits: {
          ...numberOf(args, 'requests-per-minute'),
          ...numberOf(args, 'tokens-per-day'),
          ...numberOf(args, 'credits-per-month'),
        },
      })
      const { expires_at: expiresAt, account_tags: accountTags, ...rest } = settings
      await cli.work(
        async ({ keys }) =>
          showSecret(cli, json, {
            made: await keys.create(
              {
                ...rest,
                ...(expiresAt !== undefined && { expiresAt }),
                ...(accountTags !== undefined && { accountTags }),
              },
              cli.actor,
            ),
          }),
        { mayCreate: true },
      )
    },
  })
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function inDays(text: string, now: number): string {
  const days = Number(text)
  if (!(days > 0 && days <= 3650)) throw new UsageError('--days must be a number from 1 to 3650.')
  return new Date(now + days * DAY_MS).toISOString()
}

/** Under the name that the management API has for it. */
function numberOf(
  args: Readonly<Record<string, unknown>>,
  option: 'requests-per-minute' | 'tokens-per-day' | 'credits-per-month',
): Record<string, number> {
  const text = args[option]
  if (text === undefined) return {}
  const number = Number(text)
  if (!(number > 0)) throw new UsageError(`--${option} must be a number above 0.`)
  return { [option.replaceAll('-', '_')]: number }
}
