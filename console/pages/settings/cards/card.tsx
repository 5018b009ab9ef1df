import type { ComponentChildren } from 'preact'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { system, useSystem } from './system-store.ts'
import type { SystemView } from '../../../api/types.ts'

export function Card({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="settings-card">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

interface SystemCardProps {
  title: string
  /** Whether something goes on that is worth looking at again and again. */
  isWatched?: (view: SystemView) => boolean
  children: (view: SystemView) => ComponentChildren
}

/** One about the gateway itself: it fails on its own. */
export function SystemCard({ title, isWatched, children }: SystemCardProps) {
  const { value, error } = useSystem(isWatched)
  return (
    <Card title={title}>
      {error !== undefined && <Failed error={error} onRetry={() => void system.load()} />}
      {value === undefined ? error === undefined && <Skeleton rows={3} /> : children(value)}
    </Card>
  )
}
