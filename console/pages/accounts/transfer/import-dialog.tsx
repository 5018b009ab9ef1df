import { Dialog } from '../../../parts/dialog.tsx'

export function ImportDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="" onClose={onClose}>
      <p />
    </Dialog>
  )
}
