/** What opens above the list of keys. */
import { isTyping } from '../../shell/shortcuts.ts'
import { changeQuery, route } from '../../state/route.ts'
import { preferences } from '../../state/settings.ts'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { EditKeyDialog } from './edit-key-dialog.tsx'
import { keys } from './key-list.ts'
import { newKey } from './keys-store.ts'
import { NewKeySheet } from './new-key-sheet.tsx'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'

/** Which one is open is in the address. */
export function KeyDialogs() {
  const { query } = route.value
  const made = newKey.value
  if (made !== undefined) return <NewKeySheet made={made} onClose={() => (newKey.value = undefined)} />
  if (query.has('new')) return <CreateKeyDialog onClose={() => changeQuery({ new: undefined })} />
  const find = (name: string) => keys.state.value.value?.find(({ id }) => id === query.get(name))
  const edited = find('key')
  if (edited !== undefined) {
    return <EditKeyDialog key={edited.id} keyShown={edited} onClose={() => changeQuery({ key: undefined })} />
  }
  const rotated = find('rotate')
  if (rotated === undefined) return null
  return (
    <RotateKeyDialog key={rotated.id} keyShown={rotated} onClose={() => changeQuery({ rotate: undefined })} />
  )
}

export function openNewKey(): void {
  changeQuery({ new: '1' }, { replaces: false })
}

/** `n`, unless something is open. Answers how to stop. */
export function followNewKey(): () => void {
  document.addEventListener('keydown', openByKey)
  return () => document.removeEventListener('keydown', openByKey)
}

function openByKey(event: KeyboardEvent): void {
  const isOther = event.metaKey || event.ctrlKey || event.altKey
  if (event.key !== 'n' || !preferences.value.shortcuts || isOther || isTyping(event)) return
  if (document.querySelector('dialog[open]') !== null) return
  event.preventDefault()
  openNewKey()
}
