import type { JsonObject } from '../../conversation/conversation.ts'
import { createCustomInput } from './custom-input.ts'
import {
  itemIdOf,
  writeAdded,
  writeDone,
  type ClosedItem,
  type ItemPlace,
  type ItemStream,
  type ItemWriter,
} from './output-item.ts'
import type { NamedCall } from './write-function-call.ts'

/** `input` is undefined while the call is being written. */
export function writeCustomCall(
  place: ItemPlace,
  { id, tool: { name, namespace } }: NamedCall,
  input: string | undefined,
): JsonObject {
  return {
    id: itemIdOf('ctc', place),
    type: 'custom_tool_call',
    status: input === undefined ? 'in_progress' : 'completed',
    call_id: id,
    input: input ?? '',
    name,
    ...(namespace !== undefined && { namespace }),
  }
}

/** The tool's text as it comes, out of the JSON that the model writes. */
export function createCustomCallWriter(stream: ItemStream, call: NamedCall): ItemWriter {
  const { place, events } = stream
  const inItem = { item_id: itemIdOf('ctc', place), output_index: place.outputIndex }
  const writeDelta = events.prepareDeltas('response.custom_tool_call_input.delta', inItem)
  const reader = createCustomInput()
  let input = ''

  function tell(text: string): string {
    input += text
    return text === '' ? '' : writeDelta(text)
  }

  return {
    open: () => writeAdded(stream, writeCustomCall(place, call, undefined)),
    add: (piece) => tell(reader.add(piece)),
    close(): ClosedItem {
      const last = tell(reader.end())
      const item = writeCustomCall(place, call, input)
      const done = events.write('response.custom_tool_call_input.done', { ...inItem, input })
      return { written: last + done + writeDone(stream, item), item }
    },
  }
}
