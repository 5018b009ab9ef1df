import { parseBody } from '../../dialects/request-body.ts'
import { createKeyBody } from '../../http/admin/key-contract.ts'
import type { Cli } from '../cli.ts'

/** Answers its secret, which nobody is told later on. */
export async function makeKey(name: string, cli: Cli): Promise<string> {
  const settings = parseBody(createKeyBody, { name })
  return cli.work(
    async ({ keys }) => {
      const { secret } = await keys.create({ name: settings.name }, cli.actor)
      cli.terminal.note(`${name}: the key was made.\n`)
      return secret
    },
    { mayCreate: true },
  )
}
