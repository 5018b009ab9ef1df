/** The colours of the style sheets, for what is painted: canvases know no custom properties. */

export interface Palette {
  /** As the present theme has it. */
  of(name: `--${string}`): string
  /** Mixed with the surface, for areas. */
  softOf(name: `--${string}`): string
  close(): void
}

/** What decides on colours, beside the theme that was chosen. */
const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']

/** `onChange`: the theme is another one, and all colours with it. */
export function createPalette(host: HTMLElement, onChange: () => void): Palette {
  const known = new Map<string, string>()
  const closing = new AbortController()
  // It has no place on the page, so that asking it lays nothing out.
  const probe = document.createElement('span')
  probe.hidden = true
  host.append(probe)

  function forget(): void {
    known.clear()
    onChange()
  }

  const observer = new MutationObserver(forget)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  for (const query of queries) {
    window.matchMedia(query).addEventListener('change', forget, { signal: closing.signal })
  }

  /** What a property holds may depend on others; what comes of it only an element tells. */
  function resolve(expression: string): string {
    const seen = known.get(expression)
    if (seen !== undefined) return seen
    probe.style.color = expression
    const { color } = getComputedStyle(probe)
    known.set(expression, color)
    return color
  }

  return {
    of: (name) => resolve(`var(${name})`),
    softOf: (name) => resolve(`color-mix(in srgb, var(${name}) 70%, var(--surface))`),
    close() {
      closing.abort()
      probe.remove()
      observer.disconnect()
    },
  }
}
