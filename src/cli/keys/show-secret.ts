import type { HandedOutKey } from '../../keys/keys.ts'
import type { Cli } from '../cli.ts'
import { show } from '../show.ts'
import { printable } from '../terminal/printable.ts'
import { viewKey } from './key-view.ts'

/** Shows a key's secret, which nobody can do later on. The rest goes to standard error, so that the key alone can be piped. */
export function showSecret(
  cli: Cli,
  wantsJson: boolean | undefined,
  { made: { key, secret }, note }: { made: HandedOutKey; note?: string },
): void {
  const text = () => {
    cli.terminal.note(
      `${printable(key.name)}: it is shown only now.${note === undefined ? '' : ` ${note}`}\n`,
    )
    return `${secret}\n`
  }
  show(cli, wantsJson, { data: { ...viewKey(key, cli.clock.now()), key: secret }, text })
}
