/** The command line: one command, from its words to its exit code. */
import { renderUsage, runCommand } from 'citty'
import { stripVTControlCharacters } from 'node:util'
import { GatewayError } from '../conversation/failures.ts'
import { StartError } from '../start-error.ts'
import { VERSION } from '../version.ts'
import { createAqueduct } from './aqueduct.ts'
import type { Cli } from './cli.ts'
import type { Command } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { printable } from './terminal/printable.ts'

/** `words`: what stands after the program's name. Answers the exit code; everything else is said in the terminal. */
export async function runCli(words: readonly string[], cli: Cli): Promise<number> {
  const { terminal } = cli
  const place = findCommand(createAqueduct(cli), words)
  if (place.wantsVersion) {
    terminal.write(`${VERSION}\n`)
    return exitCodes.done
  }
  if (place.wantsHelp) {
    terminal.write(await describe(place, terminal.hasColours))
    return exitCodes.done
  }
  try {
    if (place.unknown !== undefined) throw new UsageError(`There is no ${place.unknown}.`)
    await runCommand(place.command.definition, { rawArgs: place.rest })
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
  /** The words without those that name it. */
  rest: string[]
  wantsHelp: boolean
  wantsVersion: boolean
  /** What stands where a command, or an option of none, was expected. */
  unknown: string | undefined
}

/** The command that the words name; options may stand before it. A group without a command of it tells what there is. */
function findCommand(root: Command, words: readonly string[]): Place {
  const end = words.includes('--') ? words.indexOf('--') : words.length
  const own = words.slice(0, end)
  const asksFirst = own.find((word) => !word.startsWith('-')) === 'help'
  let command = root
  const path: string[] = []
  const rest: string[] = []
  let unknown: string | undefined
  for (const word of asksFirst ? own.toSpliced(own.indexOf('help'), 1) : own) {
    const isGroup = Object.keys(command.children).length > 0
    const child = Object.hasOwn(command.children, word) ? command.children[word] : undefined
    if (child !== undefined) {
      command = child
      path.push(word)
    } else if (isGroup && !word.startsWith('-')) unknown ??= `command "${word}"`
    else rest.push(word)
  }
  const isGroup = Object.keys(command.children).length > 0
  const asks = asksFirst || rest.includes('--help') || rest.includes('-h')
  const wantsVersion = command === root && unknown === undefined && /^(-v|--version)$/.test(rest.join(' '))
  if (isGroup && !asks && !wantsVersion) unknown ??= rest[0] && `option ${rest[0]}`
  return {
    command,
    path,
    rest: [...rest, ...words.slice(end)],
    wantsHelp: unknown === undefined && (asks || isGroup),
    wantsVersion,
    unknown,
  }
}

async function describe({ command, path }: Place, hasColours: boolean): Promise<string> {
  const above = { meta: { name: ['aqueduct', ...path.slice(0, -1)].join(' ') } }
  const usage = await renderUsage(command.definition, path.length === 0 ? undefined : above)
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
