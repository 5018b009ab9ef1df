/** What citty would pass over in silence, or take for something else, ends the command before it begins. */
import type { ArgsDef } from 'citty'
import { parseArgs } from 'node:util'
import { UsageError } from './command-error.ts'

interface Option {
  name: string
  isSwitch: boolean
}

type Token = ReturnType<typeof readTokens>[number]

/** Throws a UsageError: for an option that is not known, comes twice, lacks its value or has a strange one, and for too many words. */
export function refuseMisuse(words: readonly string[], args: ArgsDef, takesMore: boolean): void {
  const options = listOptions(args)
  const seen = new Set<string>()
  const tokens = readTokens(words, options)
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name } = refuseMisused(token, options)
    if (seen.has(name)) throw new UsageError(`--${name} is given twice.`)
    seen.add(name)
  }
  if (takesMore) return
  const given = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const extra = given[Object.values(args).filter(({ type }) => type === 'positional').length]
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many.`)
}

/** By all their names. */
function listOptions(args: ArgsDef): Map<string, Option> {
  const named = Object.entries(args).filter(([, { type }]) => type !== 'positional')
  return new Map(
    named.flatMap(([name, arg]) => {
      const aliases = 'alias' in arg ? [arg.alias ?? []].flat() : []
      const option = { name, isSwitch: arg.type === 'boolean' }
      return [name, ...aliases].map((each) => [each, option] as const)
    }),
  )
}

function readTokens(words: readonly string[], options: ReadonlyMap<string, Option>) {
  const named = [...options].map(([name, { isSwitch }]) => {
    const type = isSwitch ? ('boolean' as const) : ('string' as const)
    return [name, { type, ...(name.length === 1 && { short: name }) }] as const
  })
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(named),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  return tokens
}

function refuseMisused(
  { name, rawName, value, inlineValue }: Extract<Token, { kind: 'option' }>,
  options: ReadonlyMap<string, Option>,
): Option {
  const turnedOff = /^--no-(.+)$/.exec(rawName)?.[1]
  const option = options.get(turnedOff ?? name)
  if (option === undefined || (turnedOff !== undefined && !option.isSwitch)) {
    throw new UsageError(`There is no option ${rawName}.`)
  }
  if (option.isSwitch) {
    const isClear = value === undefined || (turnedOff === undefined && /^(true|false)$/.test(value))
    if (!isClear) throw new UsageError(`${rawName} takes no value.`)
    return option
  }
  if (value === undefined || value === '') throw new UsageError(`${rawName} needs a value.`)
  if (!inlineValue && /^-[^\d.]/.test(value)) {
    throw new UsageError(
      `${rawName} needs a value. One that begins with a dash is said as --${option.name}=VALUE.`,
    )
  }
  return option
}
