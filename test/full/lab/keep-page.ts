/** Pages of docs/ that are written from what tests have proven. */
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'

/** Writes the page, or answers whether it is there already, word for word and as the repository's formatter leaves it. */
export async function keepPage(page: URL, text: string, isToBeWritten: boolean): Promise<boolean> {
  const path = relative(process.cwd(), fileURLToPath(page))
  const { code, errors } = await format(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be formatted: ${errors[0]?.message}`)
  if (isToBeWritten) writeFileSync(page, code)
  const isKept = readFileSync(page, 'utf8') === code
  if (!isKept) process.stdout.write(`${path} is not what the tests prove: renew it with --write\n`)
  return isKept
}
