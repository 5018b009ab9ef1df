const PRELUDE_BYTES = 12
const CHECKSUM_BYTES = 4

/** Takes the bytes of an event stream as they come, and gives the text of each event that has some. */
export function createFrameCutter(onText: (text: string) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    const input = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let start = 0
    while (input.length - start >= PRELUDE_BYTES) {
      const end = start + input.readUInt32BE(start)
      if (end > input.length) break
      const payloadStart = start + PRELUDE_BYTES + input.readUInt32BE(start + 4)
      const payload = input.toString('utf8', payloadStart, end - CHECKSUM_BYTES)
      const { content }: { content?: string } = JSON.parse(payload)
      if (content !== undefined) onText(content)
      start = end
    }
    rest = input.subarray(start)
  }
}
