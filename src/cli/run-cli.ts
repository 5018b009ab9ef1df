/** The command line: one command, from its words to its exit code. */
import { renderUsage, runCommand } from 'citty'
import { stripVTControlCharacters } from 'node:util'
import { GatewayError } from '../conversation/failures.ts'
import { StartError } from '../start-error.ts'
import { createAqueduct } from './aqueduct.ts'
import type { Cli } from './cli.ts'
import type { Command } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { printable } from './terminal/printable.ts'

/** `words`: what stands after the program's name. Answers the exit code; everything else is said in the terminal. */
export async function runCli(words: readonly string[], cli: Cli): Promise<number> {
  const { terminal } = cli
  const aqueduct = createAqueduct(cli)
  const place = findCommand(aqueduct, words)
  if (place.wantsHelp) {
    terminal.write(await describe(place, terminal.hasColours))
    return exitCodes.done
  }
  try {
    if (place.unknown !== undefined) throw new UsageError(`There is no command "${place.unknown}".`)
    await runCommand(aqueduct.definition, { rawArgs: [...words] })
    return exitCodes.done
  } catch (error) {
    if (terminal.interrupted.aborted) return exitCodes.interrupted
    const { message, exitCode } = explain(error)
    terminal.note(`aqueduct: ${printable(message)}\n`)
    if (exitCode === exitCodes.usage) terminal.note(`Try: aqueduct ${[...place.path, '--help'].join(' ')}\n`)
    return exitCode
  }
}

interface Place {
  command: Command
  path: string[]
  parent: Command | undefined
  wantsHelp: boolean
  /** The word where a command was expected. */
  unknown?: string
}

/** The command that the words name. A group without a command of it is asked for what there is. */
function findCommand(root: Command, words: readonly string[]): Place {
  let command = root
  let parent: Command | undefined
  const path: string[] = []
  const names = words.filter((word) => !word.startsWith('-'))
  for (const name of names[0] === 'help' ? names.slice(1) : names) {
    const child = Object.hasOwn(command.children, name) ? command.children[name] : undefined
    if (child === undefined) {
      if (Object.keys(command.children).length === 0) break
      return { command, path, parent, wantsHelp: false, unknown: name }
    }
    parent = command
    command = child
    path.push(name)
  }
  const asks = names[0] === 'help' || words.includes('--help') || words.includes('-h')
  return { command, path, parent, wantsHelp: asks || Object.keys(command.children).length > 0 }
}

async function describe({ command, parent }: Place, hasColours: boolean): Promise<string> {
  const usage = await renderUsage(command.definition, parent?.definition)
  const examples = command.examples.map((example) => `  aqueduct ${example}\n`).join('')
  const title = `${usage}\n`
  const text = examples === '' ? title : `${title}\nEXAMPLES\n\n${examples}`
  return hasColours ? text : stripVTControlCharacters(text)
}

function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof CommandError || error instanceof StartError) return error
  if (error instanceof GatewayError) {
    const { message, forOperator } = error.failure
    return { message: forOperator ?? message, exitCode: exitCodes.failed }
  }
  const message = error instanceof Error ? stripVTControlCharacters(error.message) : String(error)
  const isUsage = error instanceof Error && error.name === 'CLIError'
  return { message, exitCode: isUsage ? exitCodes.usage : exitCodes.failed }
}
