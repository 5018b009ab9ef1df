import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { parseAst } from 'vitest/node'

export interface FoundRegex {
  source: string
  flags: string
  file: string
}

/** Every literal in the sources that the gateway runs. */
export function findRegexes(root: string): FoundRegex[] {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/\.(test|suite)\.ts$/.test(file))
  return files.flatMap((file) => {
    const found: FoundRegex[] = []
    const text = readFileSync(join(root, file), 'utf8')
    visit(parseAst(stripTypeScriptTypes(text)), (source, flags) => void found.push({ source, flags, file }))
    return found
  })
}

function visit(node: unknown, note: (source: string, flags: string) => void): void {
  if (typeof node !== 'object' || node === null || node instanceof RegExp) return
  const regex: unknown = Reflect.get(node, 'regex')
  if (typeof regex === 'object' && regex !== null) {
    note(String(Reflect.get(regex, 'pattern')), String(Reflect.get(regex, 'flags')))
  }
  for (const member of Object.values(node)) visit(member, note)
}
