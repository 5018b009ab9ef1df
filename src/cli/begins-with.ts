const LEAST = 4

/** Whether an id is meant by its beginning. Nothing, as of an empty variable, or a letter would mean one by accident. */
export function beginsWith(id: string, name: string): boolean {
  return name.length >= LEAST && id.startsWith(name)
}
