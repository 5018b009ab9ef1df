/** One deed for many accounts: some at once, each with its own result. */
import { signal, type ReadonlySignal } from '@preact/signals'

export type BulkStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

export interface BulkRow {
  id: string
  status: BulkStatus
  error?: unknown
}

export interface BulkProgress {
  /** In the order of the list. */
  rows: readonly BulkRow[]
  counts: Readonly<Record<BulkStatus, number>>
  isOver: boolean
}

export interface BulkRun {
  progress: ReadonlySignal<BulkProgress>
  /** Those that are on their way end by themselves. */
  cancel(): void
  /** Those that failed, and those that were cancelled, once more. */
  retry(): void
}

export const MOST_AT_ONCE = 4

interface BulkWishes {
  ids: readonly string[]
  work: (id: string) => Promise<void>
  /** Called whenever nothing is left to do. */
  onOver?: (rows: readonly BulkRow[]) => void
}

/** Begins at once. */
export function runBulk({ ids, work, onOver }: BulkWishes): BulkRun {
  // The rows are replaced in place: copying ten thousand for each of ten thousand steps would stop the page.
  const rows: BulkRow[] = ids.map((id) => ({ id, status: 'waiting' }))
  const counts = { waiting: rows.length, running: 0, done: 0, failed: 0, cancelled: 0 }
  const progress = signal<BulkProgress>({ rows, counts: { ...counts }, isOver: rows.length === 0 })
  let next = 0

  function set(at: number, { status, error }: { status: BulkStatus; error?: unknown }): void {
    const row = rows[at]
    if (row === undefined) return
    counts[row.status] -= 1
    counts[status] += 1
    rows[at] = { id: row.id, status, ...(error !== undefined && { error }) }
  }
  function show(): void {
    const isOver = counts.waiting + counts.running === 0
    progress.value = { rows, counts: { ...counts }, isOver }
    if (isOver) onOver?.(rows)
  }
  async function run(at: number, id: string): Promise<void> {
    set(at, { status: 'running' })
    try {
      await work(id)
      set(at, { status: 'done' })
    } catch (error) {
      set(at, { status: 'failed', error })
    }
    begin()
    show()
  }
  function begin(): void {
    while (counts.running < MOST_AT_ONCE && next < rows.length) {
      const row = rows[next]
      if (row?.status === 'waiting') void run(next, row.id)
      next += 1
    }
  }
  function move(from: readonly BulkStatus[], status: BulkStatus): void {
    for (const [at, row] of rows.entries()) if (from.includes(row.status)) set(at, { status })
  }

  begin()
  show()
  return {
    progress,
    cancel() {
      move(['waiting'], 'cancelled')
      show()
    },
    retry() {
      move(['failed', 'cancelled'], 'waiting')
      next = 0
      begin()
      show()
    },
  }
}
