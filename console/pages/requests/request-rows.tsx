import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { RequestsCards } from './requests-cards.tsx'
import { RequestsTable, type RequestRowsProps } from './requests-table.tsx'

const NARROW = '(max-width: 640px)'

/** A table, or cards on a phone. `onPointed`: whether a mouse is over it. */
export function RequestRows({
  onPointed,
  ...rows
}: RequestRowsProps & { onPointed: (isPointed: boolean) => void }) {
  const isNarrow = useIsNarrow()
  useEffect(() => () => onPointed(false), [])
  return (
    <div
      onPointerEnter={({ pointerType }) => onPointed(pointerType === 'mouse')}
      onPointerLeave={() => onPointed(false)}
    >
      {isNarrow ? <RequestsCards {...rows} /> : <RequestsTable {...rows} />}
    </div>
  )
}

function useIsNarrow(): boolean {
  const [narrow] = useState(() => signal(window.matchMedia(NARROW).matches))
  useEffect(() => {
    const media = window.matchMedia(NARROW)
    const look = () => (narrow.value = media.matches)
    media.addEventListener('change', look)
    return () => media.removeEventListener('change', look)
  }, [narrow])
  return narrow.value
}
