/**
 * One conversation, told to each client API and written for the service: whole, the same by every way, in a form that the
 * strict simulator takes; and what was sent, told once more, arrives as it is.
 */
import { z } from 'zod'
import { defaultModels } from '../../../simulator/models.ts'
import { checkRequest } from '../../../simulator/rules/check.ts'
import { createSwitchBoard } from '../../../simulator/switches.ts'
import { lintRequest } from '../../../src/upstreams/amazon-q/lint/lint-request.ts'
import { readSentBody } from '../../sent-conversation.ts'
import { createRandom, type Random } from '../hostile/random.ts'
import { clients } from './clients.ts'
import { checkSent } from './check-sent.ts'
import { demandEqual } from './demand.ts'
import { retell } from './retell.ts'
import { createTale, type Tale } from './tale.ts'
import { complete, model, translate } from './translate.ts'

const switches = createSwitchBoard({}).current()
const caller = { models: defaultModels, refusesExtraFields: false, isOwnThinking: () => false }
const bodyShape = z.record(z.string(), z.json())
const stateShape = z.looseObject({
  conversationState: z.looseObject({ conversationId: z.string() }),
})

/** Answers how many messages the conversation has. */
export function checkRoundTrip(seed: number): number {
  const random = createRandom(seed)
  const tale = createTale(random)
  const body = sendByAll(tale, random)
  const parsed = bodyShape.parse(JSON.parse(body))
  const refused = lintRequest(parsed, model).filter(({ severity }) => severity === 'refused')
  demandEqual('findings', refused, [])
  const bodyBytes = Buffer.byteLength(body)
  const checked = checkRequest(parsed, { binding: 'aws-json', bodyBytes, caller, switches })
  demandEqual('violations', checked.violations, [])
  const sent = readSentBody(parsed)
  checkSent(sent, tale)
  const { dialect, tell } = random.pick(clients)
  const again = translate(dialect, tell(retell(sent), random)).outgoing.body.toString()
  demandEqual(`told once more by ${dialect.name}`, stateOf(JSON.parse(again)), stateOf(parsed))
  return tale.turns.length
}

/** The same bytes by each API; and of one of them also when its request is read again, or only completed again. */
function sendByAll(tale: Tale, random: Random): string {
  const repeated = random.pick(clients)
  const bodies = clients.map((client) => {
    const { dialect, tell } = client
    const told = tell(tale, random)
    const { draft, outgoing } = translate(dialect, told)
    const text = outgoing.body.toString()
    if (client === repeated) {
      demandEqual('completed again', complete(draft).body.toString(), text)
      demandEqual('read again', translate(dialect, told).outgoing.body.toString(), text)
    }
    return text
  })
  const [body = ''] = bodies
  for (const [index, other] of bodies.entries()) {
    demandEqual(`what ${clients[index]?.dialect.name} sends`, other, body)
  }
  return body
}

/** Without the id, which is made of how a conversation begins. */
function stateOf(body: unknown): unknown {
  const { conversationState } = stateShape.parse(body)
  return { ...conversationState, conversationId: '' }
}
