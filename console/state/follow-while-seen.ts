import type { Resource } from './resource.ts'

/** Asks at once, then again and again while the page is in sight. Answers how to stop. */
export function followWhileSeen({ load }: Pick<Resource<unknown>, 'load'>, everyMs: number): () => void {
  let askedAt = Number.NEGATIVE_INFINITY
  function look(): void {
    if (document.visibilityState !== 'visible' || performance.now() - askedAt < everyMs - 1000) return
    askedAt = performance.now()
    void load()
  }
  look()
  const timer = window.setInterval(look, everyMs)
  document.addEventListener('visibilitychange', look)
  return () => {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  }
}
