/** Whether a model thinks before it echoes, and in which of the two forms. */
import { z } from 'zod'
import type { Model } from '../models.ts'
import type { ChatRequest } from '../rules/shape.ts'
import { turnsOf, userTurnsOf } from '../rules/turns.ts'
import { unreachable } from '../unreachable.ts'
import { sliceText } from './behaviour.ts'
import { reasoning, signature, text } from './events.ts'
import type { SequenceContext } from './sequences.ts'
import type { Step } from './steps.ts'

export type Thinking =
  | { form: 'none' }
  /** In events of its own, signed; hidden thoughts leave the signature alone. */
  | { form: 'events'; hidden: boolean }
  /** Between tags at the start of the text, as models without extra fields do. */
  | { form: 'tags' }

const THOUGHT = 'The user said something. I shall repeat it, or use a tool if I was asked to.'
const THOUGHT_CHARACTERS = 16
/** Shorter than either tag, so that both are cut. */
const TAGGED_CHARACTERS = 7
const TAGS =
  /<thinking_mode>(?:enabled|adaptive|interleaved)<\/thinking_mode>(?:\s*<(max_thinking_length|thinking_effort)>[^<]*<\/\1>)*\s*/g

const fieldsSchema = z.looseObject({
  thinking: z.looseObject({ type: z.string(), display: z.string().optional() }).optional(),
  reasoning: z.looseObject({ effort: z.string().optional() }).optional(),
})

/** By the fields of a request that was found to be valid, or by the tags in its prompt. */
export function thinkingOf(request: ChatRequest, model: Model | undefined): Thinking {
  if (model?.thinksInTags === true) return hasTags(request) ? { form: 'tags' } : { form: 'none' }
  const fields = fieldsSchema.safeParse(request.additionalModelRequestFields).data
  const { type = 'disabled', display } = fields?.thinking ?? {}
  const { effort = 'none' } = fields?.reasoning ?? {}
  if (type === 'disabled' && effort === 'none') return { form: 'none' }
  return { form: 'events', hidden: display === 'omitted' }
}

/** The system text stands in the first user message, and what is new in the current one. */
function hasTags(request: ChatRequest): boolean {
  const users = userTurnsOf(turnsOf(request))
  return [users.at(0), users.at(-1)].some(
    (turn) => turn !== undefined && turn.message.content.search(TAGS) >= 0,
  )
}

export function withoutThinkingTags(prompt: string): string {
  return prompt.replaceAll(TAGS, '')
}

export function thinkAloud({ thinking, sign }: SequenceContext & { thinking: Thinking }): Step[] {
  switch (thinking.form) {
    case 'none':
      return []
    case 'events': {
      const thought = thinking.hidden ? '' : THOUGHT
      return [...sliceText(thought, THOUGHT_CHARACTERS).map(reasoning), signature(sign(thought))]
    }
    case 'tags':
      // The blank line that makes the closing tag real is cut in two as well.
      return [
        ...sliceText(`<thinking>${THOUGHT}</thinking>\n`, TAGGED_CHARACTERS).map((slice) => text(slice)),
        text('\n'),
      ]
    default:
      return unreachable(thinking)
  }
}
