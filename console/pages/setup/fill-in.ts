import { CannotQuote, fillTemplate } from '../../../src/client-setups/fill-template.ts'
import type { Piece, SlotValues } from '../../../src/client-setups/fill-template.ts'

/** Stands in what is shown, not in what is copied. */
export const HIDDEN_KEY = 'HIDDEN_KEY'

/** Undefined: the language that it stands in cannot hold the values. */
export function fillIn(pieces: readonly Piece[], values: SlotValues): string | undefined {
  try {
    return fillTemplate(pieces, values)
  } catch (error) {
    if (error instanceof CannotQuote) return undefined
    throw error
  }
}
