/** How wide the columns of the table are; this browser remembers those that somebody has set. */
import { signal } from '@preact/signals'
import { columnNames, type ColumnName } from './column-choice.ts'

/** `name`: the first column, which takes what the others leave as long as nobody has set it. */
export type SizedColumn = ColumnName | 'name'
export type Widths = Readonly<Partial<Record<SizedColumn, number>>>

/** In pixels. */
export const NARROWEST = 56
export const WIDEST = 800
const STEP = 8
const WIDE_STEP = 40
const STORED_AS = 'aqueduct.accounts.widths'

export const columnWidths = signal<Widths>(parseWidths(readStored()))

/** Undefined: as at first. */
export function setWidth(name: SizedColumn, width: number | undefined): void {
  const { [name]: _before, ...others } = columnWidths.value
  columnWidths.value = width === undefined ? others : { ...others, [name]: clampWidth(width) }
}

/** Apart from setting it: while somebody draws, it is another one with every movement. */
export function storeWidths(): void {
  try {
    localStorage.setItem(STORED_AS, writeWidths(columnWidths.value))
  } catch {
    // Browsers may refuse to store; then it holds until the page is left.
  }
}

function clampWidth(width: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, Math.round(width)))
}

/** What a key makes of a width; undefined: nothing. */
export function widthAfterKey(width: number, { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>) {
  const step = shiftKey ? WIDE_STEP : STEP
  switch (key) {
    case 'ArrowLeft':
      return clampWidth(width - step)
    case 'ArrowRight':
      return clampWidth(width + step)
    case 'Home':
      return NARROWEST
    case 'End':
      return WIDEST
    default:
      return undefined
  }
}

export function writeWidths(widths: Widths): string {
  return Object.entries(widths)
    .map(([name, width]) => `${name}:${width}`)
    .join(',')
}

/** What is not known or makes no sense is passed over. */
export function parseWidths(text: string): Widths {
  const widths: Partial<Record<SizedColumn, number>> = {}
  for (const each of text.split(',')) {
    const [named = '', digits = ''] = each.split(':')
    const name = [...columnNames, 'name' as const].find((known) => known === named)
    if (name !== undefined && /^\d{1,4}$/.test(digits)) widths[name] = clampWidth(Number(digits))
  }
  return widths
}

function readStored(): string {
  try {
    return localStorage.getItem(STORED_AS) ?? ''
  } catch {
    return ''
  }
}
