import type { JsonObject } from '../../conversation/conversation.ts'
import { writeJsonLine } from '../json-line.ts'

/** Writes the events of one stream: each named as its data is, and numbered in order. */
export interface EventWriter {
  write(type: string, payload: JsonObject): string
  /** For an event that comes often and differs in its `delta` alone: what is the same is written once. */
  prepareDeltas(type: string, place: JsonObject, rest?: JsonObject): (delta: string) => string
}

export function createEventWriter(): EventWriter {
  let next = 0
  return {
    write: (type, payload) => `${writeStart(type)}${next++},${writeMembers(payload)}}\n\n`,
    prepareDeltas(type, place, rest) {
      const start = writeStart(type)
      const middle = `,${writeMembers(place)},"delta":`
      const end = rest === undefined ? '}\n\n' : `,${writeMembers(rest)}}\n\n`
      return (delta) => start + next++ + middle + writeJsonLine(delta) + end
    },
  }
}

function writeStart(type: string): string {
  return `event: ${type}\ndata: {"type":"${type}","sequence_number":`
}

function writeMembers(payload: JsonObject): string {
  return writeJsonLine(payload).slice(1, -1)
}
