import { Skeleton } from '../../parts/states.tsx'

export function KeysPage() {
  return <Skeleton />
}
