/** Requests as no well-behaved client would send them. */
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'

export interface Answer {
  status: number
  headers: Record<string, unknown>
  text: string
}

interface Sending {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** By node:http, which lets a test set every header. */
export function send(url: string, { method = 'GET', headers = {}, body }: Sending = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A connection on which these bytes were written. */
export async function openSocket(url: string, bytes: string | Buffer = ''): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  if (bytes !== '') await new Promise((resolve) => socket.write(bytes, resolve))
  return socket
}

/** Everything until the other side closes. */
export function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (piece: string) => {
      text += piece
    })
    socket.once('close', () => resolve(text))
    if (socket.destroyed) resolve(text)
  })
}
