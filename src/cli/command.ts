import { parseArgs, type ArgsDef, type CommandDef, type ParsedArgs } from 'citty'
import { refuseMisuse } from './refuse-misuse.ts'

/** A command, and how it is used: lines as people would type them, without the leading `aqueduct`. */
export interface Command {
  definition: CommandDef
  examples: readonly string[]
  /** Those below it, by name. */
  children: Readonly<Record<string, Command>>
}

interface CommandParts<T extends ArgsDef> {
  name: string
  description: string
  examples: readonly string[]
  args: T
  /** Whether more words than the named ones may follow; they are in `args._`. */
  takesMore?: boolean
  run: (args: ParsedArgs<T>) => Promise<void>
}

export function createCommand<const T extends ArgsDef>(parts: CommandParts<T>): Command {
  const { name, description, examples, args, run } = parts
  const definition: CommandDef = {
    meta: { name, description },
    args,
    // Its words are held against `args` before citty reads them, which is tolerant.
    async run({ rawArgs }) {
      refuseMisuse(rawArgs, args, parts.takesMore === true)
      await run(parseArgs<T>(rawArgs, args))
    },
  }
  return { definition, examples, children: {} }
}

/** Commands under one name. */
export function createCommandGroup(
  name: string,
  description: string,
  children: Readonly<Record<string, Command>>,
): Command {
  const subCommands = Object.fromEntries(
    Object.entries(children).map(([child, { definition }]) => [child, definition]),
  )
  return {
    definition: { meta: { name, description }, subCommands },
    examples: Object.values(children).flatMap(({ examples }) => examples.slice(0, 1)),
    children,
  }
}
