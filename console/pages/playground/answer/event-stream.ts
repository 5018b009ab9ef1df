/** Reads a server-sent stream, wherever its text is cut. Pure. */

export interface StreamEvent {
  /** Empty: the stream does not name it. */
  name: string
  data: string
}

export interface EventStreamReader {
  /** Answers the events that have become whole. */
  push(text: string): StreamEvent[]
}

/** What one event may hold; whatever sends more is no API of ours. */
const MOST_CHARACTERS = 64_000_000

export function createEventStreamReader(): EventStreamReader {
  let isBegun = false
  /** The last text ended in a carriage return, whose line feed may come first in the next. */
  let endedInReturn = false
  let rest = ''
  let name = ''
  let data: string[] = []
  let size = 0

  function takeLine(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (data.length > 0) events.push({ name, data: data.join('\n') })
      name = ''
      data = []
      size = 0
      return
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const raw = colon < 0 ? '' : line.slice(colon + 1)
    const value = raw.startsWith(' ') ? raw.slice(1) : raw
    if (field === 'event') name = value
    else if (field === 'data') {
      size += value.length
      if (size > MOST_CHARACTERS) throw new RangeError('An event of the stream is too long.')
      data.push(value)
    }
  }

  return {
    push(text) {
      const events: StreamEvent[] = []
      let from = 0
      if (!isBegun && text !== '') {
        isBegun = true
        if (text.startsWith('\u{FEFF}')) from = 1
      }
      if (endedInReturn && text[from] === '\n') from += 1
      if (text !== '') endedInReturn = text.endsWith('\r')
      const ends = /\r\n|\r|\n/g
      ends.lastIndex = from
      for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
        takeLine(rest + text.slice(from, end.index), events)
        rest = ''
        from = ends.lastIndex
      }
      rest += text.slice(from)
      if (rest.length > MOST_CHARACTERS) throw new RangeError('A line of the stream is too long.')
      return events
    },
  }
}
