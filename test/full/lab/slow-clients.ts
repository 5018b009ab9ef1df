/**
 * A process of its own, so that its memory is not taken for the gateway's: the model service, and many clients that read
 * hardly anything of what they asked for. Told where the gateway is, it opens them, and from then on says each second how
 * many of them have got something.
 */
import type { Socket } from 'node:net'
import { z } from 'zod'
import { OPENAI, questionFor } from '../../read-answer.ts'
import { openSocket } from '../../send.ts'
import { startFastService } from './fast-service.ts'

/** 20 MB an answer. */
const TOKENS = 100_000
const BYTES_A_SECOND = 1000

const order = z.object({ gatewayUrl: z.string(), readers: z.number() })

async function openReader(url: string): Promise<Socket> {
  const body = JSON.stringify(questionFor(OPENAI, true))
  const socket = await openSocket(url)
  socket.pause()
  socket.write(
    `POST ${OPENAI} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  return socket
}

async function readSlowly(message: unknown): Promise<void> {
  const { gatewayUrl, readers } = order.parse(message)
  const sockets: Socket[] = []
  for (let opened = 0; opened < readers; opened += 1) sockets.push(await openReader(gatewayUrl))
  setInterval(() => {
    for (const socket of sockets) socket.read(BYTES_A_SECOND)
    process.send?.({ answered: sockets.filter(({ bytesRead }) => bytesRead > 0).length })
  }, 1000)
}

process.on('message', (message) => void readSlowly(message))
process.on('disconnect', () => process.exit())
const service = await startFastService(TOKENS)
process.send?.({ serviceUrl: service.url })
