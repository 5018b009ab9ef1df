import { parseArgs, type ArgsDef, type CommandDef, type ParsedArgs } from 'citty'
import { UsageError } from './command-error.ts'

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

/** What is not known is refused: a flag that was mistyped would else be passed over in silence. */
export function createCommand<const T extends ArgsDef>(parts: CommandParts<T>): Command {
  const { name, description, examples, args, run } = parts
  const definition: CommandDef = {
    meta: { name, description },
    args,
    async run({ rawArgs }) {
      const given = parseArgs<T>(rawArgs, args)
      refuseUnknown(given, args)
      if (parts.takesMore !== true) refuseMore(given._, args)
      await run(given)
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

function refuseUnknown(given: object, args: ArgsDef): void {
  const known = new Set(
    Object.entries(args).flatMap(([name, each]) => [name, 'alias' in each ? (each.alias ?? []) : []].flat()),
  )
  const unknown = Object.keys(given).find((name) => name !== '_' && !known.has(toKebab(name)))
  if (unknown !== undefined) throw new UsageError(`There is no option --${unknown}.`)
}

function refuseMore(words: readonly string[], args: ArgsDef): void {
  const extra = words[Object.values(args).filter(({ type }) => type === 'positional').length]
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many.`)
}

/** Options are named like-this; citty knows them likeThis as well. */
function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
