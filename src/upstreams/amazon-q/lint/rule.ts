import type { Finding, ModelInfo } from '../../upstream.ts'
import type { SentMessage } from './sent-messages.ts'
import type { JsonObject } from '../../../conversation/conversation.ts'

/** A known rule of the service, as a check of its own: it takes nobody's word for what was encoded how. */
export interface Rule {
  /** As in docs/amazon-q.md. */
  name: string
  /** Section of the protocol notes. */
  source: string
  severity: Finding['severity']
  /** Breaches may be told one by one as they are found: nobody asks for more than a few. */
  findBreaches(request: SentRequest): Iterable<Breach>
}

/** A message names rules, lengths, and tools; never what somebody said. */
export interface Breach {
  path: string
  message: string
}

export interface SentRequest {
  body: JsonObject
  /** History first, the current message last. */
  messages: readonly SentMessage[]
  model: ModelInfo
  shapeFaults: readonly ShapeFault[]
}

/** Where the body is not as the service's model of it says, and by which rule. */
export interface ShapeFault {
  rule: string
  path: string
}
