/** The next form of a request that the service refused: plainer by what it is likely to have minded. */

import type { Refusal } from '../../conversation/failures.ts'
import type { RequestForm } from '../upstream.ts'

interface RefusedRequest {
  /** As the failure has it; undefined: nothing that another form would mend. */
  refusal: Refusal | undefined
  /** Whether the request in that form would be another one: the same one would be refused again. */
  changes: (form: RequestForm) => boolean
}

const PLAIN_SCHEMAS: Partial<RequestForm> = { toolSchemas: 'plain' }
const WITHOUT_THINKING: Partial<RequestForm> = { earlierThinking: 'left-out' }
const WITHOUT_FIELDS: Partial<RequestForm> = { modelFields: 'left-out' }

/** What to try, the likeliest first. Where nobody knows the cause, schemas are the most frequent one (protocol 8.3). */
const stepsAfter: Record<Refusal, readonly Partial<RequestForm>[]> = {
  'tool-schema': [PLAIN_SCHEMAS],
  'earlier-thinking': [WITHOUT_THINKING],
  'model-fields': [WITHOUT_FIELDS],
  unexplained: [PLAIN_SCHEMAS, WITHOUT_FIELDS, WITHOUT_THINKING],
  profile: [],
}

/**
 * One step further than `form`, which the refused request had; undefined when no step is left. Steps add up, so at most three
 * forms follow the first one.
 */
export function rewriteForm(
  form: RequestForm,
  { refusal, changes }: RefusedRequest,
): RequestForm | undefined {
  if (refusal === undefined) return undefined
  return stepsAfter[refusal]
    .map((step): RequestForm => ({ ...form, ...step }))
    .find((next) => !isSameForm(next, form) && changes(next))
}

export function isSameForm(one: RequestForm, other: RequestForm): boolean {
  return (
    one.toolSchemas === other.toolSchemas &&
    one.earlierThinking === other.earlierThinking &&
    one.modelFields === other.modelFields
  )
}
