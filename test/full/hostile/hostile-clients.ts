/** Clients that are slow, odd or rude on their connections, and what each of them must get all the same. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { text } from '../../../simulator/replies/events.ts'
import { stall } from '../../../simulator/replies/steps.ts'
import type { GatewayUnderTest } from '../../gateway-under-test.ts'
import { openSocket } from '../../send.ts'
import { askFor, everyForm, hearText, type Form } from './heard.ts'
import type { Random } from './random.ts'
import { readAnswers } from './raw-answers.ts'

const SAID = 'Grüße, 世界! 👋🏽 All is said.'
/** Models that answer whole, or without an end, in little pieces or in large ones. */
const WHOLE = 'claude-sonnet-4.5'
const ENDLESS = 'claude-haiku-4.5'
const LARGE = 'claude-sonnet-4'

const PATIENCE_MS = 20_000
const MOST_PAUSE_MS = 4
const MOST_STAY_MS = 60

/** To be called once, before any client comes. */
export function planAnswers({ simulator }: Pick<GatewayUnderTest, 'simulator'>): void {
  const pieces = Array.from({ length: 100 }, (_, index) => text(`piece ${index} `))
  const large = Array.from({ length: 8 }, () => text('x'.repeat(256 * 1024)))
  simulator.plan({ modelId: WHOLE, behaviour: { kind: 'text', text: SAID } })
  simulator.plan({ modelId: ENDLESS, behaviour: { kind: 'steps', steps: [...pieces, stall()] } })
  simulator.plan({ modelId: LARGE, behaviour: { kind: 'steps', steps: [...large, stall()] } })
}

/** How many whole answers it got. Throws when one is not as it should be. */
type Behaviour = (url: string, random: Random) => Promise<number>

function requestOf(form: Form, model: string, last = false): Buffer {
  const body = JSON.stringify({ ...askFor(form, 'Hello.'), model })
  const head = `POST ${form.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`
  const ending = last ? 'connection: close\r\n' : ''
  return Buffer.from(`${head}${ending}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

const formOf = (random: Random): Form =>
  everyForm[random.below(everyForm.length)] ?? { path: '', stream: true }

/** Everything that comes until the other side closes. */
async function readToEnd(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = []
  socket.on('data', (piece) => void pieces.push(piece))
  const late = setTimeout(() => socket.destroy(new Error('late')), PATIENCE_MS)
  if (!socket.closed) await once(socket, 'close')
  clearTimeout(late)
  return Buffer.concat(pieces)
}

/** Throws unless the bytes are the whole answers to these questions, in order. */
function demandWhole(bytes: Buffer, forms: readonly Form[]): number {
  const answers = readAnswers(bytes)
  if (answers.length !== forms.length)
    throw new Error(`${answers.length} answers to ${forms.length} questions`)
  for (const [index, form] of forms.entries()) {
    const answer = answers[index] ?? { status: 0, isStream: false, body: '' }
    const heard = hearText(form.path, answer)
    const isWhole = heard.status === 200 && heard.end !== undefined && heard.text === SAID
    if (!isWhole) throw new Error(`${form.path}: ${answer.status} ${answer.body.slice(0, 300)}`)
  }
  return forms.length
}

function leave(socket: Socket, random: Random): Promise<unknown> {
  if (random.below(2) === 0) socket.resetAndDestroy()
  else socket.destroy()
  return socket.closed ? Promise.resolve() : once(socket, 'close')
}

export const behaviours: Readonly<Record<string, Behaviour>> = {
  /** Pauses anywhere in its question. */
  async pauses(url, random) {
    const form = formOf(random)
    const request = requestOf(form, WHOLE, true)
    const socket = await openSocket(url)
    const answer = readToEnd(socket)
    for (let start = 0; start < request.length;) {
      const end = start + 1 + random.below(random.pick([40, 400]))
      socket.write(request.subarray(start, end))
      start = end
      await pause(random.below(MOST_PAUSE_MS))
    }
    return demandWhole(await answer, [form])
  },
  /** Which cannot be told from leaving: the gateway must close its half too, soon. */
  async halfCloses(url, random) {
    const socket = await openHalfOpen(url)
    const answer = readToEnd(socket)
    socket.write(requestOf(formOf(random), ENDLESS))
    await pause(random.below(MOST_STAY_MS))
    socket.end()
    await answer
    return 0
  },
  /** Closes its half in the middle of the question. */
  async halfClosesEarly(url, random) {
    const request = requestOf(formOf(random), WHOLE)
    const socket = await openHalfOpen(url)
    const answer = readToEnd(socket)
    socket.end(request.subarray(0, random.below(request.length)))
    const statuses = readAnswers(await answer).map(({ status }) => status)
    if (statuses.some((status) => status !== 400 && status !== 408))
      throw new Error(`It got ${statuses.join()}.`)
    return 0
  },
  async leavesWhileAsking(url, random) {
    const request = requestOf(formOf(random), ENDLESS)
    const socket = await openSocket(url, request.subarray(0, random.below(request.length + 1)))
    await leave(socket, random)
    return 0
  },
  /** After so many bytes of the answer, or so long. */
  async leavesWhileReading(url, random) {
    const socket = await openSocket(url, requestOf(formOf(random), ENDLESS))
    const enough = new AbortController()
    const wanted = random.below(3000)
    let received = 0
    socket.on('data', (piece) => {
      received += piece.length
      if (received >= wanted) enough.abort()
    })
    await pause(random.below(MOST_STAY_MS), undefined, { signal: enough.signal }).catch(() => {})
    await leave(socket, random)
    return 0
  },
  /** Asks again before it has its answer. */
  async pipelines(url, random) {
    const forms = Array.from({ length: 2 + random.below(3) }, () => formOf(random))
    const last = forms.length - 1
    const requests = forms.map((form, index) => requestOf(form, WHOLE, index === last))
    const socket = await openSocket(url)
    const answer = readToEnd(socket)
    socket.write(Buffer.concat(requests))
    return demandWhole(await answer, forms)
  },
  async pipelinesAndLeaves(url, random) {
    const requests = Array.from({ length: 2 + random.below(3) }, () => requestOf(formOf(random), ENDLESS))
    const socket = await openSocket(url, Buffer.concat(requests))
    socket.on('data', () => {})
    await pause(random.below(MOST_STAY_MS))
    await leave(socket, random)
    return 0
  },
  /** Takes nothing of an answer that is larger than what connections hold. */
  async neverReads(url, random) {
    const form = { path: formOf(random).path, stream: true }
    const socket = await openSocket(url)
    socket.pause()
    socket.write(requestOf(form, LARGE))
    await pause(random.below(2 * MOST_STAY_MS))
    await leave(socket, random)
    return 0
  },
  /** Many connections at once, for nothing. */
  async storms(url, random) {
    const request = requestOf(formOf(random), ENDLESS)
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const sent = request.subarray(0, random.pick([0, 0, 1, 40, random.below(request.length)]))
        const socket = await openSocket(url, sent)
        await leave(socket, random)
      }),
    )
    return 0
  },
  async comesBack(url, random) {
    const form = formOf(random)
    const first = await openSocket(url, requestOf(form, ENDLESS))
    await leave(first, random)
    const second = await openSocket(url, requestOf(form, WHOLE, true))
    return demandWhole(await readToEnd(second), [form])
  },
}

async function openHalfOpen(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  socket.on('error', () => {}).on('end', () => socket.destroy())
  await once(socket, 'connect')
  return socket
}
