import type { ComponentChildren } from 'preact'

/** A line of a list of facts. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class="break">{children}</dd>
    </>
  )
}
