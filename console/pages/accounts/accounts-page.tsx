import { Skeleton } from '../../parts/states.tsx'

export function AccountsPage() {
  return <Skeleton />
}
