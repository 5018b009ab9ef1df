import type { AnchorHTMLAttributes } from 'preact'
import { goTo } from '../state/route.ts'

/** A link inside the console: without a reload, and like every other one where it shall open elsewhere. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes & { href: string }) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event)
        const isOwnWay =
          event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
        if (isOwnWay || event.defaultPrevented) return
        event.preventDefault()
        goTo(href)
      }}
    />
  )
}
