/** What has become of each row, to be kept: without secrets. Pure. */
import type { RowResult } from './import-in-parts.ts'
import type { Preview } from './read-import.ts'

interface WrittenRow {
  /** From 1. */
  row: number
  status: string
  label?: string
  clientId?: string
  accountId?: string
  error?: string
}

/** In the order of the file; rows that were not sent are told as what they are. */
export function writeResult(results: readonly RowResult[], previews: readonly Preview[]): WrittenRow[] {
  const byIndex = new Map(results.map((result) => [result.index, result]))
  const indexes = previews.length > 0 ? previews.map(({ index }) => index) : [...byIndex.keys()]
  return indexes.map((index) => writeRow(index, byIndex.get(index), previews[index]))
}

function writeRow(index: number, result: RowResult | undefined, preview: Preview | undefined): WrittenRow {
  const error = result?.error ?? (preview?.fault === undefined ? undefined : `lacks ${preview.fault}`)
  return {
    row: index + 1,
    status: result?.status ?? statusOf(preview),
    ...(preview?.label !== undefined && { label: preview.label }),
    ...(preview?.clientId !== undefined && { clientId: preview.clientId }),
    ...(result?.id !== undefined && { accountId: result.id }),
    ...(error !== undefined && { error }),
  }
}

function statusOf(preview: Preview | undefined): string {
  switch (preview?.state) {
    case 'twin':
      return 'repeated'
    case 'invalid':
      return 'invalid'
    case 'new':
    case 'known':
    case undefined:
    default:
      return 'not sent'
  }
}
