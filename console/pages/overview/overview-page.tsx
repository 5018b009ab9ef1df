import { Skeleton } from '../../parts/states.tsx'

export function OverviewPage() {
  return <Skeleton />
}
