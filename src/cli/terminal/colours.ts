type Paint = (text: string) => string

/** Text with meaning, in colours where the terminal has them. Never by colour alone: the words say it too. */
export interface Colours {
  good: Paint
  bad: Paint
  doubtful: Paint
  faint: Paint
  strong: Paint
}

const paint = (start: number, end: number) => (text: string) => `\u001b[${start}m${text}\u001b[${end}m`
const plain = (text: string) => text

export function createColours(hasColours: boolean): Colours {
  if (!hasColours) return { good: plain, bad: plain, doubtful: plain, faint: plain, strong: plain }
  return {
    good: paint(32, 39),
    bad: paint(31, 39),
    doubtful: paint(33, 39),
    faint: paint(90, 39),
    strong: paint(1, 22),
  }
}
