import type { ReplyEvent } from '../conversation/reply.ts'
import { decodeThrough, type Decoder, type Stage } from '../conversation/stage.ts'
import type { Exchange, Upstream } from '../upstreams/upstream.ts'

/** Told of each answer that has come to its end, and of its price if it told one. */
type NoteAnswer = (accountId: string, credits: number | undefined) => void

/** The same upstream, whose answers are noted by account: those too that a remedy throws away, as they were paid for. */
export function meterExchanges(upstream: Upstream, noteAnswer: NoteAnswer): Upstream {
  return {
    ...upstream,
    prepare: (conversation, model) => meterExchange(upstream.prepare(conversation, model), noteAnswer),
  }
}

function meterExchange(exchange: Exchange, noteAnswer: NoteAnswer): Exchange {
  return {
    ...exchange,
    async send(access, sending) {
      const reply = await exchange.send(access, sending)
      return {
        ...reply,
        decoder: meterDecoder(reply.decoder, (credits) => noteAnswer(access.accountId, credits)),
      }
    },
  }
}

function meterDecoder(decoder: Decoder, note: (credits: number | undefined) => void): Decoder {
  const meter: Stage<ReplyEvent, ReplyEvent> = {
    push(event, emit) {
      if (event.type === 'reply-end') note(event.usage.credits)
      emit(event)
    },
    end() {
      // Answers that break off do not tell their price; the next reading does.
    },
  }
  return decodeThrough(decoder, meter)
}
