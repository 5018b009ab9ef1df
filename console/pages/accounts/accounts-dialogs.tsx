import type { Account } from '../../api/types.ts'
import { changeQuery, route } from '../../state/route.ts'
import { AddAccountDialog } from '../add-account/add-account-dialog.tsx'
import { AccountDrawer } from './account-drawer.tsx'
import { AccountForm } from './account-form.tsx'
import { RunDialog } from './bulk/run-dialog.tsx'
import { ExportDialog } from './transfer/export-dialog.tsx'
import { ImportDialog } from './transfer/import-dialog.tsx'

interface AccountsDialogsProps {
  all: readonly Account[]
  onStep: (step: -1 | 1) => void
}

/** What is open over the list: all of it is in the address. */
export function AccountsDialogs({ all, onStep }: AccountsDialogsProps) {
  const { query } = route.value
  const find = (name: string) => all.find(({ id }) => id === query.get(name))
  const opened = find('account')
  const edited = find('edit')
  const isAdding = query.has('add') || query.has('again') || query.has('signin')
  return (
    <>
      {opened !== undefined && (
        <AccountDrawer account={opened} onClose={() => shut('account')} onStep={onStep} />
      )}
      {edited !== undefined && <AccountForm key={edited.id} account={edited} onClose={() => shut('edit')} />}
      {query.has('hand') && <AccountForm onClose={() => shut('hand')} />}
      {isAdding && (
        <AddAccountDialog
          accountId={query.get('again') ?? undefined}
          authId={query.get('signin') ?? undefined}
          onClose={() => shut('add', 'again', 'signin')}
        />
      )}
      {query.has('import') && <ImportDialog onClose={() => shut('import')} />}
      {query.has('export') && <ExportDialog onClose={() => shut('export')} />}
      <RunDialog />
    </>
  )
}

function shut(...names: readonly string[]): void {
  changeQuery(Object.fromEntries(names.map((name) => [name, undefined])))
}
