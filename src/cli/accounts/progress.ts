import type { Terminal } from '../terminal/terminal.ts'

const STEPS = 10
const LONG = 100

/** How far long work is: in place where somebody looks, else a line at each tenth. Short work is passed over in silence there. */
export function createProgress({ note, isInteractive }: Terminal, total: number) {
  let done = 0
  let isShown = false
  return {
    add(count: number): void {
      const before = Math.floor((done / total) * STEPS)
      done += count
      if (done >= total) return
      isShown = true
      if (isInteractive) note(`\r${done} of ${total} `)
      else if (total >= LONG && Math.floor((done / total) * STEPS) > before) note(`${done} of ${total}\n`)
    },
    end(): void {
      if (isShown && isInteractive) note('\r\u001b[K')
    },
  }
}
