/** Whether a path, as it came, is one of the operator's: whatever the router reads as `/v2`. */
export function isOperatorPath(path: string): boolean {
  return /^\/+v2(\/|$)/i.test(decoded(path))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
