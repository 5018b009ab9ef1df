/** Hands the operator a file that the page has made. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has to have begun to read it.
  window.setTimeout(() => URL.revokeObjectURL(address), RELEASED_AFTER_MS)
}

const RELEASED_AFTER_MS = 60_000

/** Like `aqueduct-accounts-2026-11-23.json`. */
export function datedName(stem: string, extension: string): string {
  return `${stem}-${new Date().toISOString().slice(0, 10)}.${extension}`
}
