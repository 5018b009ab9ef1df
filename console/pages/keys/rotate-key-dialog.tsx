import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Key, NewKey } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Failed } from '../../parts/states.tsx'
import { formMessages } from './form-messages.ts'
import { pathOfKey, prefixOf, showNewKey } from './keys-store.ts'

interface RotateKeyDialogProps {
  keyShown: Key
  onClose: () => void
}

/** In hours. */
const graces = ['0', '1', '24', '168'] as const

export function RotateKeyDialog({ keyShown: key, onClose }: RotateKeyDialogProps) {
  const text = speak(formMessages)
  const [hours, setHours] = useState<(typeof graces)[number]>('24')
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  async function rotate(): Promise<void> {
    setBusy(true)
    try {
      const made = await ask<NewKey>(`${pathOfKey(key)}/rotate`, {
        method: 'POST',
        body: { grace_seconds: Number(hours) * 3600 },
      })
      showNewKey(made)
      onClose()
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <Dialog
      title={text('rotateTitle', { prefix: prefixOf(key) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button look="primary" isBusy={isBusy} onClick={() => void rotate()}>
            {text('rotate')}
          </Button>
        </>
      }
    >
      <div class="form">
        {error !== undefined && <Failed error={error} />}
        <p>{text('rotateWhy')}</p>
        <SelectField
          label={text('grace')}
          value={hours}
          options={graces.map((value) => ({ value, label: text(`grace${value}`) }))}
          onChoice={setHours}
        />
      </div>
    </Dialog>
  )
}
