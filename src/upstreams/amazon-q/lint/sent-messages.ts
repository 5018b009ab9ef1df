/** A request's messages as a plain list, read without trust in their shape: what is missing or odd reads as empty. */

import type { JsonObject, JsonValue } from '../../../conversation/conversation.ts'

export interface SentMessage {
  role: 'user' | 'assistant'
  path: string
  isCurrent: boolean
  content: string
  members: JsonObject
  toolUses: readonly Placed[]
  toolResults: readonly Placed[]
  /** Entries of the tool list: specifications and cache points. */
  tools: readonly Placed[]
}

/** An object of the body, and where it stands. */
export interface Placed {
  path: string
  value: JsonObject
}

export function readMessages(body: JsonObject): SentMessage[] {
  const { history, currentMessage } = objectOf(body['conversationState'])
  const past = listOf(history).flatMap((entry, index) =>
    readMessage(objectOf(entry), `conversationState.history.${index}`, false),
  )
  return [...past, ...readMessage(objectOf(currentMessage), 'conversationState.currentMessage', true)]
}

function readMessage(entry: JsonObject, path: string, isCurrent: boolean): SentMessage[] {
  const { userInputMessage, assistantResponseMessage } = entry
  if (userInputMessage !== undefined) {
    const members = objectOf(userInputMessage)
    return [read('user', members, { path: `${path}.userInputMessage`, isCurrent })]
  }
  if (assistantResponseMessage === undefined) return []
  const members = objectOf(assistantResponseMessage)
  return [read('assistant', members, { path: `${path}.assistantResponseMessage`, isCurrent })]
}

function read(
  role: SentMessage['role'],
  members: JsonObject,
  place: { path: string; isCurrent: boolean },
): SentMessage {
  const context = objectOf(members['userInputMessageContext'])
  const contextPath = `${place.path}.userInputMessageContext`
  return {
    role,
    ...place,
    content: textOf(members['content']),
    members,
    toolUses: placed(members['toolUses'], `${place.path}.toolUses`),
    toolResults: placed(context['toolResults'], `${contextPath}.toolResults`),
    tools: placed(context['tools'], `${contextPath}.tools`),
  }
}

/** The tools that the current message declares. */
export function declaredTools(messages: readonly SentMessage[]): Placed[] {
  return specificationsOf(messages.find(({ isCurrent }) => isCurrent))
}

export function specificationsOf(message: SentMessage | undefined): Placed[] {
  return (message?.tools ?? []).flatMap(({ path, value: { toolSpecification } }) =>
    toolSpecification === undefined
      ? []
      : [{ path: `${path}.toolSpecification`, value: objectOf(toolSpecification) }],
  )
}

/** The entries of a list, with their paths. */
export function placed(value: JsonValue | undefined, path: string): Placed[] {
  return listOf(value).map((item, index) => ({ path: `${path}.${index}`, value: objectOf(item) }))
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {}
}

export function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
