/** Where a database stands that is about to take the place of the one at `path`. While it is there, none is made at `path`. */
export function incomingPath(path: string): string {
  return `${path}.restoring`
}
