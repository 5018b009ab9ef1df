/** The known rules of the service, as checks of what is about to be sent; docs/amazon-q.md lists them. */

import type { JsonObject } from '../../../conversation/conversation.ts'
import type { Finding, ModelInfo } from '../../upstream.ts'
import { mediaRules } from './media.ts'
import { modelFieldRules } from './model-fields.ts'
import { orderRules } from './order.ts'
import type { Breach, Rule } from './rule.ts'
import { readMessages } from './sent-messages.ts'
import { findShapeFaults, shapeRules } from './shape.ts'
import { sizeRules } from './sizes.ts'
import { toolSchemaRules } from './tool-schemas.ts'
import { toolTrafficRules } from './tool-traffic.ts'
import { toolRules } from './tools.ts'

export const rules: readonly Rule[] = [
  ...shapeRules,
  ...orderRules,
  ...toolTrafficRules,
  ...toolRules,
  ...toolSchemaRules,
  ...mediaRules,
  ...sizeRules,
  ...modelFieldRules,
]

/** Whoever breaks a rule a hundred times learns no more from it than from these. */
const MAX_FINDINGS_OF_RULE = 5
const MAX_FINDINGS = 50

/** `body` as sent. Pure; finds what is wrong whoever made it, and never quotes what somebody said. */
export function lintRequest(body: JsonObject, model: ModelInfo): Finding[] {
  const request = { body, model, messages: readMessages(body), shapeFaults: findShapeFaults(body) }
  const findings = rules.flatMap((rule) => {
    const breaches = takeFirst(rule.findBreaches(request))
    return breaches.map(({ path, message }) => ({ rule: rule.name, severity: rule.severity, path, message }))
  })
  return findings.slice(0, MAX_FINDINGS)
}

function takeFirst(breaches: Iterable<Breach>): Breach[] {
  const taken: Breach[] = []
  for (const breach of breaches) {
    taken.push(breach)
    if (taken.length === MAX_FINDINGS_OF_RULE) break
  }
  return taken
}
