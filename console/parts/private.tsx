import { isPrivate } from '../state/settings.ts'

/**
 * A name that somebody could be known by. In privacy mode the page itself does not hold it, so no screenshot, and nobody who
 * looks into the page, has it.
 */
export function Private({ text }: { text: string }) {
  return isPrivate.value ? <span class="masked">{mask(text)}</span> : <>{text}</>
}

/** The first character and as many dots for anything: its length says nothing. */
export function mask(text: string): string {
  const [first = ''] = text
  const domain = /@[^@]*(\.[a-z]{2,})$/i.exec(text)?.[1] ?? ''
  return `${first}•••••${domain}`
}
