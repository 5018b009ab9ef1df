import type { TokenIndex } from '../../accounts/account-transfer.ts'
import { IS_HERE, readRows, type ImportedRow, type ImportRow } from '../../accounts/import-accounts.ts'

const NONE: TokenIndex = async (pairs) => pairs.map(() => undefined)

/** What an import would make of the rows. `findSame`: absent where there are no accounts yet. */
export async function rehearseImport(
  rows: readonly ImportRow[],
  findSame: TokenIndex = NONE,
): Promise<ImportedRow[]> {
  const seen = new Set<string>()
  return (await readRows(rows, findSame)).map((read) => {
    if (!('account' in read)) return read
    const { row, account } = read
    const origin = JSON.stringify([account.clientId, account.refreshToken])
    const isHere = seen.has(origin)
    seen.add(origin)
    return isHere ? { row, status: 'duplicate', error: IS_HERE } : { row, status: 'created' }
  })
}
