import { useEffect, useRef, useState } from 'preact/hooks'

interface TypedOptions {
  /** From the last key on. */
  waitMs: number
  /** What a typed text asks for; undefined: nothing yet. */
  read: (typed: string) => string | undefined
  tell: (wanted: string) => void
}

/**
 * The text of a field, told a moment after the last key. What was told comes back as `value` while more is being typed, so
 * only a value that others have set replaces the text.
 */
export function useTyped(
  value: string,
  { waitMs, read, tell }: TypedOptions,
): [typed: string, setTyped: (typed: string) => void] {
  const [typed, setTyped] = useState(value)
  const told = useRef(value)
  const wanted = read(typed)
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setTyped(value)
  }, [value])
  useEffect(() => {
    if (wanted === undefined || wanted === value) return undefined
    const timer = window.setTimeout(() => {
      told.current = wanted
      tell(wanted)
    }, waitMs)
    return () => window.clearTimeout(timer)
  }, [wanted])
  return [typed, setTyped]
}
