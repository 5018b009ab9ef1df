import { Dialog } from '../../../parts/dialog.tsx'

export function ExportDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="" onClose={onClose}>
      <p />
    </Dialog>
  )
}
