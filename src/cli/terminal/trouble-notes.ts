import * as z from 'zod'
import { parseJson } from '../../conversation/parse-json.ts'
import { printable } from './printable.ts'
import type { Terminal } from './terminal.ts'

const entry = z.looseObject({
  msg: z.string(),
  err: z.looseObject({ message: z.string().exactOptional() }).exactOptional(),
})

/** What the gateway's parts log as errors, in words for who waits for a command. */
export function createTroubleNotes({ note }: Pick<Terminal, 'note'>): { write(line: string): void } {
  return {
    write(line) {
      const { data } = entry.safeParse(parseJson(line))
      if (data === undefined) return
      const reason = data.err?.message
      note(`aqueduct: ${printable(reason === undefined ? data.msg : `${data.msg}: ${reason}`)}\n`)
    },
  }
}
