/** An id, as far as it is worth to be shown beside a name. */

const SHORT = 8

export function shorten(id: string): string {
  return id.length <= SHORT + 1 ? id : `${id.slice(0, SHORT)}…`
}
