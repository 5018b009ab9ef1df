/** Where the playground keeps what was said in it, if somebody wants that. Whoever signs out takes it along, on whichever page. */

export const STORED_AS = 'aqueduct.playground'

/** Throws where the browser does not store it. */
export function storeTalk(text: string): void {
  localStorage.setItem(STORED_AS, text)
}

/** Empty: there is none. */
export function readTalk(): string {
  try {
    return localStorage.getItem(STORED_AS) ?? ''
  } catch {
    return ''
  }
}

export function forgetTalk(): void {
  try {
    localStorage.removeItem(STORED_AS)
  } catch {
    // Where nothing can be stored, nothing is.
  }
}
