/** Sends bytes, reads what comes back until the end, and holds it against the promises that are made for every input. */
import { connect } from 'node:net'
import { z } from 'zod'

const SILENCE_MS = 500

const STATUSES = new Set([
  100, 200, 204, 400, 401, 403, 404, 405, 408, 409, 411, 413, 414, 415, 417, 421, 422, 429, 431, 503,
])
const errorBody = z.looseObject({ error: z.looseObject({ message: z.string().min(1) }) })
const STACK = /\n\s+at |node_modules|file:\/\/|\/src\//

interface RawAnswer {
  status: number
  /** Undefined: the answer has none, or it was cut. */
  body: string | undefined
}

/** Everything that came, until the other side closed. A connection that is silent for so long is half-closed, so that this ends. */
export function askRaw(url: string, bytes: Buffer, silenceMs = SILENCE_MS): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }, () =>
      socket.write(bytes),
    )
    socket.setTimeout(silenceMs, () => {
      if (socket.writable) socket.end()
      else socket.destroy()
    })
    socket
      .on('data', (piece) => void pieces.push(piece))
      .on('end', () => socket.end())
      .on('error', () => {})
      .on('close', () => resolve(Buffer.concat(pieces).toString('latin1')))
  })
}

/** The answers in what came. */
function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  for (let rest = text; rest !== '';) {
    const headEnd = rest.indexOf('\r\n\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1])
    if (headEnd < 0 || Number.isNaN(status))
      throw new Error(`No answer of HTTP/1.1: ${JSON.stringify(rest.slice(0, 200))}`)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(rest.slice(0, headEnd))?.[1] ?? 0)
    const after = rest.slice(headEnd + 4)
    // An answer to HEAD tells the length of what it leaves out.
    const hasBody = length > 0 && after.length >= length && !after.startsWith('HTTP/1.1 ')
    answers.push({ status, body: hasBody ? after.slice(0, length) : undefined })
    rest = hasBody ? after.slice(length) : after.startsWith('HTTP/1.1 ') ? after : ''
  }
  return answers
}

/**
 * Throws when an answer breaks a promise: a status that is not ours to give, an error that is no JSON, a secret.
 */
export function checkAnswers(text: string, secrets: readonly string[]): RawAnswer[] {
  const answers = readAnswers(text)
  for (const { status, body } of answers) {
    if (!STATUSES.has(status)) throw new Error(`Status ${status}: ${body}`)
    if (status >= 400 && body !== undefined) errorBody.parse(JSON.parse(body))
    if (status >= 400 && STACK.test(body ?? '')) throw new Error(`An answer tells of our files: ${body}`)
  }
  const told = secrets.find((secret) => text.includes(secret))
  if (told !== undefined) throw new Error('An answer holds a secret.')
  return answers
}

/** Runs `count` cases, so many at once; throws the first failure with the number of its case. */
export async function runCases(
  { count, atOnce }: { count: number; atOnce: number },
  check: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  async function goOn(): Promise<void> {
    while (next < count) {
      const index = next
      next += 1
      await check(index).catch((cause: unknown) => {
        next = count
        throw new Error(`Case ${index}: ${String(cause)}`, { cause })
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, goOn))
}
