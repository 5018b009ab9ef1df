import type { IncomingMessage } from 'node:http'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { decodeContent } from './decode-content.ts'
import { HttpRefusal } from './http-refusal.ts'

export interface BodyReader {
  /**
   * The whole body, decoded; at most `routeBytes` before and after, and no more than any body may have. It counts as buffered until `use` has returned.
   * Throws `too-large`, `wrong-type` for an encoding that is not known, `overloaded-here`, or a refusal with status 408.
   */
  read<Result>(request: IncomingMessage, routeBytes: number, use: (body: Buffer) => Result): Promise<Result>
}

/** A body may take this long however little comes, … */
const GRACE_MS = 10_000
/** … and after that a second for as many bytes. */
const LEAST_BYTES_A_SECOND = 1000

interface BodyReaderOptions {
  clock: Clock
  limits: BodyLimits
}

/** Read at each use. */
interface BodyLimits {
  /** Of one body, whatever its route takes. */
  readonly maxBytes: number
  /** Of all bodies that are being read. */
  readonly maxBufferedBytes: number
  readonly timeoutMs: number
}

interface Hold {
  /** Throws `overloaded-here` when all bodies together become too much. */
  take(bytes: number): void
  release(): void
}

export function createBodyReader({ clock, limits }: BodyReaderOptions): BodyReader {
  let buffered = 0

  function createHold(): Hold {
    let held = 0
    return {
      take(bytes) {
        if (buffered + bytes > limits.maxBufferedBytes) throw tooMuchAtOnce()
        buffered += bytes
        held += bytes
      },
      release() {
        buffered -= held
        held = 0
      },
    }
  }

  return {
    async read(request, routeBytes, use) {
      const maxBytes = Math.min(routeBytes, limits.maxBytes)
      const { timeoutMs } = limits
      const hold = createHold()
      try {
        const sent = await receive(request, { hold, maxBytes, clock, timeoutMs })
        const encoding = request.headers['content-encoding'] ?? 'identity'
        return use(await decodeContent(sent, { encoding, maxBytes, reserve: (bytes) => hold.take(bytes) }))
      } finally {
        hold.release()
      }
    },
  }
}

interface Reception {
  hold: Hold
  maxBytes: number
  clock: Clock
  timeoutMs: number
}

function receive(request: IncomingMessage, reception: Reception): Promise<Buffer> {
  const { hold, maxBytes, clock, timeoutMs } = reception
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const startedAt = clock.elapsed()
    let cancelTimeout = clock.after(Math.min(GRACE_MS, timeoutMs), checkPace)

    function checkPace(): void {
      const passed = clock.elapsed() - startedAt
      const allowed = Math.min(GRACE_MS + (bytes / LEAST_BYTES_A_SECOND) * 1000, timeoutMs)
      if (passed < allowed) cancelTimeout = clock.after(allowed - passed, checkPace)
      else fail(passed < timeoutMs ? tooSlow() : tooLate(timeoutMs))
    }

    function settle(): void {
      cancelTimeout()
      request.off('data', take).off('end', finish).off('error', leave).off('close', leave)
    }

    function fail(error: GatewayError): void {
      settle()
      discardRest(request, maxBytes)
      reject(error)
    }

    function take(chunk: Buffer): void {
      bytes += chunk.length
      if (bytes > maxBytes) return fail(tooLarge())
      try {
        hold.take(chunk.length)
      } catch (error) {
        return fail(error instanceof GatewayError ? error : tooMuchAtOnce())
      }
      chunks.push(chunk)
    }

    function finish(): void {
      settle()
      resolve(Buffer.concat(chunks, bytes))
    }

    function leave(): void {
      settle()
      reject(new GatewayError('client-gone', 'The client left while it was sending.'))
    }

    request.on('data', take).on('end', finish).on('error', leave).on('close', leave)
    if (Number(request.headers['content-length']) > maxBytes) fail(tooLarge())
  })
}

/**
 * Reads on without keeping: a connection that is closed while its client still sends is reset, and takes the answer with it.
 * A client that does not stop is cut off.
 */
function discardRest(request: IncomingMessage, maxBytes: number): void {
  let discarded = 0
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length
    if (discarded > maxBytes) request.destroy()
  })
  request.resume()
}

function tooLarge(): GatewayError {
  return new GatewayError(
    'too-large',
    'The request is larger than this gateway accepts (MAX_BODY_MEGABYTES).',
  )
}

function tooSlow(): GatewayError {
  const text = `The body came more slowly than ${LEAST_BYTES_A_SECOND} bytes a second.`
  return HttpRefusal.close('invalid-request', text, { status: 408, code: 'request_timeout' })
}

function tooLate(timeoutMs: number): GatewayError {
  const text = `The body was not complete after ${timeoutMs / 1000} seconds (BODY_TIMEOUT_SECONDS).`
  return HttpRefusal.close('invalid-request', text, { status: 408, code: 'request_timeout' })
}

function tooMuchAtOnce(): GatewayError {
  const text = 'The gateway is reading as many large requests as it can hold (MAX_BUFFERED_MEGABYTES).'
  return new GatewayError('overloaded-here', text, { retryAfterSeconds: 1 })
}
