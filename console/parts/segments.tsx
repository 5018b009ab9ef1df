interface SegmentsProps<Name extends string> {
  label: string
  segments: readonly { name: Name; label: string }[]
  chosen: Name
  onChoose: (name: Name) => void
}

/** One of a few, all of which are seen. */
export function Segments<Name extends string>({ label, segments, chosen, onChoose }: SegmentsProps<Name>) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {segments.map((segment) => (
        <button
          key={segment.name}
          type="button"
          aria-pressed={segment.name === chosen}
          onClick={() => onChoose(segment.name)}
        >
          {segment.label}
        </button>
      ))}
    </div>
  )
}
