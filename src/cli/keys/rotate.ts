import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { UsageError } from '../command-error.ts'
import { jsonOption } from '../show.ts'
import { findKey } from './key-view.ts'
import { showSecret } from './show-secret.ts'

const HOUR_SECONDS = 3600
const MOST_HOURS = 720

export function createRotateCommand(cli: Cli): Command {
  return createCommand({
    name: 'rotate',
    description: 'Gives a key a new secret. The one so far works on for a while.',
    examples: ['keys rotate laptop', 'keys rotate laptop --hours 0'],
    args: {
      name: { type: 'positional', required: true, description: 'Its name or id.' },
      hours: { type: 'string', default: '24', description: 'How long the secret so far works on.' },
      ...jsonOption,
    },
    run: async ({ name, hours: given, json }) => {
      const hours = Number(given)
      if (!(hours >= 0 && hours <= MOST_HOURS)) {
        throw new UsageError(`--hours must be a number from 0 to ${MOST_HOURS}.`)
      }
      await cli.work(async ({ keys }) => {
        const { id } = await findKey(keys, name)
        const made = await keys.rotate(id, Math.round(hours * HOUR_SECONDS), cli.actor)
        const note =
          hours === 0 ? 'The one so far has ended.' : `The one so far works for ${hours} hours more.`
        showSecret(cli, json, { made, note })
      })
    },
  })
}
