/** Answers of HTTP/1.1 that came on one connection, one after the other, with lengths or in chunks. */

export interface RawAnswer {
  status: number
  isStream: boolean
  /** Whatever came of it. */
  body: string
}

export function readAnswers(received: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = []
  for (let rest = received; rest.length > 0;) {
    const headBytes = rest.indexOf('\r\n\r\n') + 4
    const head = rest.subarray(0, headBytes).toString('latin1')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
    if (headBytes < 4 || Number.isNaN(status)) {
      throw new Error(`No answer of HTTP/1.1: ${rest.toString('latin1').slice(0, 200)}`)
    }
    const after = rest.subarray(headBytes)
    const { body, bytes } = /\r\ntransfer-encoding: chunked\r\n/i.test(head)
      ? readChunks(after)
      : readLength(head, after)
    answers.push({
      status,
      isStream: /\r\ncontent-type: text\/event-stream/i.test(head),
      body: body.toString(),
    })
    rest = after.subarray(bytes)
  }
  return answers
}

function readLength(head: string, after: Buffer): { body: Buffer; bytes: number } {
  const bytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return { body: after.subarray(0, bytes), bytes }
}

function readChunks(after: Buffer): { body: Buffer; bytes: number } {
  const pieces: Buffer[] = []
  for (let position = 0; ;) {
    const lineEnd = after.indexOf('\r\n', position)
    const size = Number.parseInt(after.subarray(position, lineEnd).toString('latin1'), 16)
    if (lineEnd < 0 || Number.isNaN(size)) return { body: Buffer.concat(pieces), bytes: after.length }
    pieces.push(after.subarray(lineEnd + 2, lineEnd + 2 + size))
    position = lineEnd + 2 + size + 2
    if (size === 0) return { body: Buffer.concat(pieces), bytes: position }
  }
}
