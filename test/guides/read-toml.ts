/** As much of TOML as the guides use: tables, and strings, numbers and booleans. Throws at a line of any other kind. */

type TomlValue = string | number | boolean

/** Values by their dotted keys. */
export function readToml(text: string): Map<string, TomlValue> {
  const values = new Map<string, TomlValue>()
  let table = ''
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, name] = /^\[([\w.-]+)\]$/.exec(line) ?? []
    const [, key, value = ''] = /^([\w-]+) = (".*"|\d+|true|false)$/.exec(line) ?? []
    if (name !== undefined) table = `${name}.`
    else if (key !== undefined) values.set(`${table}${key}`, JSON.parse(value))
    else throw new SyntaxError(`Not a line of TOML that is known here: ${line}`)
  }
  return values
}
