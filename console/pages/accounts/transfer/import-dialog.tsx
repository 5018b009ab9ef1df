import { useState } from 'preact/hooks'
import { ImportRun } from './import-run.tsx'
import { ImportSource } from './import-source.tsx'
import type { Import } from './read-import.ts'

export type Readable = Exclude<Import, { kind: 'unreadable' }>

/** First what is to be imported, then what would become of it, then what has. Nothing of it is shown that is secret. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [source, setSource] = useState<Readable>()
  return source === undefined ? (
    <ImportSource onRead={setSource} onClose={onClose} />
  ) : (
    <ImportRun source={source} onBack={() => setSource(undefined)} onClose={onClose} />
  )
}
