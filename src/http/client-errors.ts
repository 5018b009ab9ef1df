/** Answers to what is not HTTP, or came too slowly or too large to become a request. No route, hence no dialect: one body that all clients can read. */
import type { Duplex } from 'node:stream'

interface Answer {
  status: string
  message: string
  code: string
}

const answers: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The headers of the request are larger than this gateway accepts (16 KiB).',
    code: 'headers_too_large',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '400 Bad Request',
    message: 'The chunk extensions of the body are too large.',
    code: 'bad_request',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    message: 'The request was not complete in time.',
    code: 'request_timeout',
  },
}

const notHttp: Answer = {
  status: '400 Bad Request',
  message: 'The request is not valid HTTP/1.1.',
  code: 'bad_request',
}

/** For `clientErrorHandler` of the server: answers once and closes. */
export function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  // Nothing can be said to one who left, nor in the midst of another answer.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy()
    return
  }
  const { status, message, code } = answers[error.code ?? ''] ?? notHttp
  const body = JSON.stringify({
    type: 'error',
    error: { type: 'invalid_request_error', message, param: null, code },
  })
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** Node keeps the response that a socket carries in this member. */
function isAnswering(socket: Duplex): boolean {
  const response: unknown = Reflect.get(socket, '_httpMessage')
  return typeof response === 'object' && response !== null && Reflect.get(response, 'headersSent') === true
}
