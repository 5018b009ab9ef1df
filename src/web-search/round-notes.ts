import { MOST_ATTEMPTS, MOST_CHOICES, type Call } from '../calls/call.ts'
import type { Clock } from '../clock.ts'

type Notes = Pick<Call, 'choices' | 'attempts'>

export interface RoundNotes {
  /** Fresh notes for a round; its times are counted from its own beginning. */
  begin(): Notes
  /** Takes them over into those of the call, as far as there is room, by the times of the call. */
  end(round: Notes): void
}

/** `call`: of the whole answer; absent: nobody wants to know. */
export function noteRound(call: Notes | undefined, clock: Clock): RoundNotes {
  const startedAt = clock.elapsed()
  let roundAt = 0
  return {
    begin() {
      roundAt = clock.elapsed() - startedAt
      return { choices: [], attempts: [] }
    },
    end({ choices, attempts }) {
      call?.choices.push(...choices.slice(0, Math.max(0, MOST_CHOICES - call.choices.length)))
      for (const attempt of attempts.slice(0, Math.max(0, MOST_ATTEMPTS - (call?.attempts.length ?? 0)))) {
        const { headersAt, firstContentAt, endedAt } = attempt
        call?.attempts.push({
          ...attempt,
          startedAt: attempt.startedAt + roundAt,
          ...(headersAt !== undefined && { headersAt: headersAt + roundAt }),
          ...(firstContentAt !== undefined && { firstContentAt: firstContentAt + roundAt }),
          ...(endedAt !== undefined && { endedAt: endedAt + roundAt }),
        })
      }
    },
  }
}
