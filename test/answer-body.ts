/** Bodies of answers from streams, and their bytes. */
import type { Readable } from 'node:stream'
import type { AnswerBody } from '../src/upstreams/upstream.ts'

/** Each chunk of the stream comes as a read of its own. */
export function bodyOf(stream: Readable): AnswerBody {
  return {
    read(reader) {
      stream.on('data', (bytes: Uint8Array) => reader.take([bytes]))
      stream.on('end', () => reader.end())
      stream.on('error', (cause) => reader.fail(cause))
      stream.on('close', () => {
        if (!stream.readableEnded) reader.fail()
      })
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    destroy: () => void stream.destroy(),
  }
}

/** All of a body; rejects when it breaks off. */
export function bytesOf(body: AnswerBody): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const all: Uint8Array[] = []
    body.read({ take: (pieces) => void all.push(...pieces), end: () => resolve(all), fail: reject })
  })
}
