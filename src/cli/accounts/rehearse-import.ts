import type { TokenIndex } from '../../accounts/account-transfer.ts'
import { IS_HERE, type ImportedRow, type ImportRow } from '../../accounts/import-accounts.ts'

/** What an import would make of the rows. `findSame`: absent where there are no accounts yet. */
export async function rehearseImport(
  rows: readonly ImportRow[],
  findSame: TokenIndex = async () => undefined,
): Promise<ImportedRow[]> {
  const seen = new Set<string>()
  const told: ImportedRow[] = []
  for (const given of rows) {
    const { row } = given
    if ('problem' in given) {
      told.push({ row, status: 'invalid', error: given.problem })
      continue
    }
    const { clientId, refreshToken } = given.account
    const origin = JSON.stringify([clientId, refreshToken])
    const id = await findSame({ clientId, ...(refreshToken != null && { refreshToken }) })
    const isHere = id !== undefined || seen.has(origin)
    seen.add(origin)
    const found = id === undefined ? {} : { id }
    told.push(isHere ? { row, status: 'duplicate', ...found, error: IS_HERE } : { row, status: 'created' })
  }
  return told
}
