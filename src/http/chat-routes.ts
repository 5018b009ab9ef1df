import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { SessionRef } from '../accounts/pool/session-ref.ts'
import { createCall } from '../calls/call.ts'
import { describeCall } from '../calls/describe-call.ts'
import type { Captures } from '../captures/captures.ts'
import type { Clock } from '../clock.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { toGatewayError, type GatewayError } from '../conversation/failures.ts'
import type { ChatRequest, Dialect, ReplyHead } from '../dialects/dialect.ts'
import { demandAllowed } from '../limits/allowed-models.ts'
import type { LimitKeeper } from '../limits/key-limits.ts'
import type { Models } from '../models/models.ts'
import type { AnswerFacts } from '../relay/pump.ts'
import type { Relay } from '../relay/relay.ts'
import type { RemedyTaken } from '../relay/task.ts'
import type { KeptAnswers } from '../kept-answers/kept-answers.ts'
import { hasImages } from '../conversation/media.ts'
import { hasImageLinks } from '../remote-images/image-links.ts'
import type { RemoteImages } from '../remote-images/remote-images.ts'
import type { ClientUsage } from '../quotas/client-usage.ts'
import type { Admission } from './admission.ts'
import { noteAnswer } from './call-notes.ts'
import { captureBodies } from './capture-bodies.ts'
import { clientOf, usageClientOf } from './client-of.ts'
import { acceptAnyJson } from './json-bodies.ts'
import { writeFactHeaders } from './fact-headers.ts'
import { admitByKey, allowedModelsOf, noteSpending, poolWishesOf } from './heed-grant.ts'
import { isToBeKept, keepPassing, ownerOf, planKeeping, recallRequest } from './keep-answer.ts'
import type { BodyReader } from './read-body.ts'
import {
  createReplyWriter,
  createStreamWriter,
  type ResponseWriter,
  type WriterTimings,
} from './response-writer.ts'
import { singleValues } from './single-values.ts'
import { watchForLeaving } from './watch-for-leaving.ts'

export interface ChatRouteParts {
  dialects: readonly Dialect[]
  admission: Admission
  bodies: BodyReader
  relay: Relay
  remoteImages: RemoteImages
  models: Pick<Models, 'list' | 'find' | 'resolve'>
  /** What requests of some dialects go on from. */
  keptAnswers: KeptAnswers
  /** Keeps what is said, while an operator wants that. */
  captures: Pick<Captures, 'begin'>
  /** Holds keys to what they may do. */
  limits: LimitKeeper
  /** Counts what each client uses. */
  clientUsage: ClientUsage
  /** Which of that client's conversations it is. */
  sessionOf(conversation: Conversation, client: string): SessionRef | undefined
  clock: Clock
  newId(): string
  timings: WriterTimings
}

/** The model APIs: one handler for every dialect. */
export function registerChatRoutes(app: FastifyInstance, parts: ChatRouteParts): void {
  void app.register(async (routes) => {
    acceptAnyJson(routes, parts.bodies)
    for (const dialect of parts.dialects) {
      for (const path of dialect.paths) {
        routes.post(path, {
          config: { dialect, access: 'model', counted: true },
          onRequest: [
            demandRoom(parts.admission),
            admitByKey(parts.limits, 'answer'),
            captureBodies(parts.captures),
          ],
          handler: (request, reply) => answer(parts, dialect, request, reply),
        })
      }
    }
  })
}

/** A hook for routes. It refuses early, so that no body is read in vain; the answer counts only when there is something to answer. */
export function demandRoom(admission: Admission): onRequestHookHandler {
  return (_request, _reply, done) => {
    admission.demandRoom()
    done()
  }
}

/** Reads the request in the dialect's words and answers it in them, whatever comes. */
export async function answer(
  parts: ChatRouteParts,
  dialect: Dialect,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  parts.admission.admit(reply.raw)
  const headers = singleValues(request.headers)
  const recalled = await recallRequest(parts.keptAnswers, dialect, request)
  const chat = dialect.readRequest(recalled.body, headers)
  demandAllowed(parts.models, chat.conversation.model, allowedModelsOf(request))
  const gone = watchForLeaving(reply)
  const key = clientOf(request)
  const conversation = hasImageLinks(chat.conversation)
    ? await parts.remoteImages.fetchAll(chat.conversation, {
        signal: gone,
        clientKey: key,
      })
    : chat.conversation
  const session = parts.sessionOf(conversation, key)
  const plan = parts.relay.plan(conversation, { key, session, ...poolWishesOf(request) })

  const { inputTokens } = plan
  const { model } = chat.conversation
  const call = createCall({ dialect: dialect.name, model, stream: chat.stream })
  request.call = call
  const leadMs = reply.elapsedTime
  let status = 200
  reply.hijack()
  reply.header('x-aqueduct-model', plan.modelId)
  const head: ReplyHead = {
    id: parts.newId(),
    requestId: request.id,
    model,
    createdAt: new Date(parts.clock.now()),
    inputTokens,
    isKept: isToBeKept(parts.keptAnswers, dialect, chat),
  }
  const writer = createWriter(parts, dialect, chat, { request, reply, head })
  const keep = planKeeping(parts.keptAnswers, dialect, { recalled, chat, head, owner: ownerOf(request) })
  const kept = keep === undefined ? writer : keepPassing(writer, keep, (error) => logUnkept(request, error))
  const { sink, noteRemedy, noteBreak } = noteAnswer(kept, call, inputTokens)
  const gate = chat.stream ? 'first-content' : 'whole-reply'
  const onRemedy = (taken: RemedyTaken) => {
    noteRemedy()
    request.log.info(taken, 'remedy')
  }
  try {
    await plan.run({ sink, gate, call, signal: gone, onRemedy })
  } catch (thrown) {
    const error = toGatewayError(thrown)
    noteBreak()
    logFailure(request, error)
    request.failure = error.failure.kind
    status = dialect.writeError(error.failure, request.id, headers).status
    writer.fail(error.failure)
  } finally {
    request.ending?.note({ modelUsed: plan.modelId, leadMs, status, holds: holdingsOf(conversation) })
    const client = usageClientOf(request)
    const thrownAway = call.attempts.flatMap((attempt) => attempt.thrownAway ?? [])
    const counted = parts.clientUsage.note({ client, model: plan.modelId, usage: call.usage, thrownAway })
    noteSpending(parts.limits, request, counted)
  }
}

/** What the log of calls tells of what was asked. */
function holdingsOf({ tools, turns }: Conversation) {
  return { tools: tools.length > 0, images: hasImages(turns) }
}

function createWriter(
  parts: ChatRouteParts,
  dialect: Dialect,
  chat: ChatRequest,
  { request, reply, head }: { request: FastifyRequest; reply: FastifyReply; head: ReplyHead },
): ResponseWriter {
  const common = {
    response: reply.raw,
    clock: parts.clock,
    timings: parts.timings,
    headers: headersSoFar(reply),
    factHeaders: (facts: AnswerFacts) => writeFactHeaders(chat, facts),
    writeError: (failure: Parameters<Dialect['writeError']>[0]) =>
      dialect.writeError(failure, request.id, singleValues(request.headers)),
  }
  return chat.stream
    ? createStreamWriter({
        ...common,
        encoder: chat.answerForm.createEncoder(head),
        tellsInStream: (failure) => chat.answerForm.tellsInStream?.(failure) === true,
      })
    : createReplyWriter({ ...common, writeReply: (whole) => chat.answerForm.writeReply(whole, head) })
}

/** A hijacked answer has to carry on by itself what hooks have set. */
function headersSoFar(reply: FastifyReply): Record<string, string> {
  return singleValues(reply.getHeaders())
}

function logUnkept(request: FastifyRequest, error: unknown): void {
  request.log.error({ err: error }, 'could not keep an answer')
}

function logFailure(request: FastifyRequest, error: GatewayError): void {
  const { failure, cause } = error
  const { kind, forOperator } = failure
  const entry = {
    ...(request.call && describeCall(request.call)),
    failure: kind,
    err: cause,
    ...(forOperator !== undefined && { forOperator }),
  }
  if (failure.kind === 'internal') request.log.error(entry, failure.message)
  // What an answer lacks is told in words of the answer, which are the client's alone.
  else if (failure.kind === 'demand-unmet')
    request.log.warn(entry, 'the answer is not what the client demands')
  else request.log.warn(entry, failure.message)
}
