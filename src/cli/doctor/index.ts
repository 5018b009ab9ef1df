import type { Cli } from '../cli.ts'
import { createCommand, type Command } from '../command.ts'
import { CommandError } from '../command-error.ts'
import { jsonOption, show } from '../show.ts'
import { createColours } from '../terminal/colours.ts'
import { printable } from '../terminal/printable.ts'
import { examine } from './examine.ts'
import type { Finding } from './finding.ts'

export function createDoctorCommand(cli: Cli): Command {
  return createCommand({
    name: 'doctor',
    description: 'Looks at everything that the gateway needs, and says what helps where something is wrong.',
    examples: ['doctor', 'doctor --json'],
    args: jsonOption,
    run: async ({ json }) => {
      const findings = await examine(cli)
      const faults = findings.filter(({ state }) => state === 'bad').length
      show(cli, json, { data: { healthy: faults === 0, findings }, text: () => writeFindings(findings, cli) })
      if (faults > 0) throw new CommandError(`${faults} ${faults === 1 ? 'thing is' : 'things are'} wrong.`)
    },
  })
}

function writeFindings(findings: readonly Finding[], { terminal }: Cli): string {
  const colours = createColours(terminal.hasColours)
  const marks = {
    good: colours.good('ok     '),
    doubtful: colours.doubtful('look   '),
    bad: colours.bad('WRONG  '),
  }
  return findings
    .map(({ subject, state, says, remedy }) => {
      const line = `${marks[state]} ${colours.strong(subject)}: ${printable(says)}\n`
      return remedy === undefined ? line : `${line}        → ${printable(remedy)}\n`
    })
    .join('')
}
