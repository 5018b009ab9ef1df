import { Skeleton } from '../../parts/states.tsx'

export function EventsPage() {
  return <Skeleton />
}
