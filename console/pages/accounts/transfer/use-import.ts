/** One import on its way: what would become of each row, and what has. */
import { useRef, useState } from 'preact/hooks'
import { ask } from '../../../api/client.ts'
import type { ImportResult } from '../../../api/types.ts'
import { accounts } from '../accounts-store.ts'
import type { Readable } from './import-dialog.tsx'
import { importInParts, type RowResult } from './import-in-parts.ts'
import { applyWishes, previewRows, type ImportWishes } from './read-import.ts'

export type ImportPhase = 'preview' | 'running' | 'done'

export function useImport(source: Readable) {
  const [phase, setPhase] = useState<ImportPhase>('preview')
  const [results, setResults] = useState<readonly RowResult[]>([])
  const [error, setError] = useState<unknown>()
  const hasStopped = useRef(false)
  const rows = source.kind === 'rows' ? source.rows : []
  const [previews] = useState(() => previewRows(rows, clientsHere()))
  const sendable = previews.filter(({ state }) => state === 'new' || state === 'known')

  async function send(wishes: ImportWishes, passphrase: string): Promise<void> {
    if (source.kind === 'sealed') {
      setResults((await importExport(source.envelope, passphrase)).results)
      return
    }
    const wanted = sendable.map(({ index }) => rows[index])
    await importInParts({
      rows: applyWishes(wanted, wishes),
      send: (part) => importExport({ format: 'aqueduct-accounts', version: 1, accounts: part }),
      onResults: (told) =>
        setResults(told.map((each) => ({ ...each, index: sendable[each.index]?.index ?? each.index }))),
      isStopped: () => hasStopped.current,
    })
  }

  async function start(wishes: ImportWishes, passphrase: string): Promise<void> {
    setPhase('running')
    setError(undefined)
    try {
      await send(wishes, passphrase)
      setPhase('done')
    } catch (failure) {
      setError(failure)
      // What the gateway has taken before stays, so the rest is another import.
      setPhase(source.kind === 'sealed' ? 'preview' : 'done')
    }
    void accounts.load()
  }
  function stop(): void {
    hasStopped.current = true
  }
  return { phase, results, error, previews, sendable, start, stop, hasStopped: hasStopped.current }
}

function importExport(exported: unknown, passphrase?: string): Promise<ImportResult> {
  return ask<ImportResult>('/v2/accounts/import', {
    method: 'POST',
    body: { export: exported, ...(passphrase !== undefined && { passphrase }) },
  })
}

function clientsHere(): Set<string> {
  return new Set(accounts.state.value.value?.map(({ clientId }) => clientId))
}
