import type { JsonObject } from '../../conversation/conversation.ts'
import type { ClientTool } from './answer-wishes.ts'
import {
  itemIdOf,
  writeAdded,
  writeDone,
  type ClosedItem,
  type ItemPlace,
  type ItemStream,
  type ItemWriter,
} from './output-item.ts'

/** A call of a tool that the client knows by name. */
export interface NamedCall {
  /** The call's own, by which its result comes back. */
  id: string
  tool: Extract<ClientTool, { name: string }>
}

/** `argumentsText` is undefined while the call is being written. */
export function writeFunctionCall(
  place: ItemPlace,
  { id, tool: { name, namespace } }: NamedCall,
  argumentsText: string | undefined,
): JsonObject {
  return {
    id: itemIdOf('fc', place),
    type: 'function_call',
    status: argumentsText === undefined ? 'in_progress' : 'completed',
    arguments: argumentsText ?? '',
    call_id: id,
    name,
    ...(namespace !== undefined && { namespace }),
  }
}

export function createFunctionCallWriter(stream: ItemStream, call: NamedCall): ItemWriter {
  const { place, events } = stream
  const inItem = { item_id: itemIdOf('fc', place), output_index: place.outputIndex }
  const writeDelta = events.prepareDeltas('response.function_call_arguments.delta', inItem)
  let text = ''

  return {
    open: () => writeAdded(stream, writeFunctionCall(place, call, undefined)),
    add(piece) {
      text += piece
      return writeDelta(piece)
    },
    close(): ClosedItem {
      const item = writeFunctionCall(place, call, text)
      const done = { ...inItem, arguments: text, name: call.tool.name }
      const written = events.write('response.function_call_arguments.done', done) + writeDone(stream, item)
      return { written, item }
    },
  }
}
