/** Several worker processes on one machine: the program as it is started, before a simulator. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { text } from '../../simulator/replies/events.ts'
import { delay } from '../../simulator/replies/steps.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import {
  delayFor,
  eventually,
  openPrograms,
  PATIENCE_MS,
  SLOW_START_MS,
  type Line,
  type Started,
  type Workers,
} from '../program-under-test.ts'
import { OPENAI, questionFor } from '../read-answer.ts'
import { send, type Answer } from '../send.ts'

const program = join(import.meta.dirname, '../../src/main.ts')
const programs = openPrograms()
const { folder } = programs

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(async () => {
  await simulator.close()
  programs.close()
})

type StartWishes = Parameters<typeof programs.start>[1]

const startProgram = (settings: Record<string, string>, wishes?: StartWishes) =>
  programs.start({ ...endpoints(), ...settings }, wishes)
const startWorkers = (count: number, settings: Record<string, string> = {}, cwd = folder) =>
  programs.startWorkers(count, { ...endpoints(), ...settings }, { cwd })
const endpoints = () => ({ AMAZON_Q_ENDPOINT: simulator.url, OIDC_ENDPOINT: simulator.url })

const json = { 'content-type': 'application/json' }
/** Each request on a connection of its own, so that they go round all workers. */
const ask = ({ url }: { url: string }): Promise<Answer> =>
  send(`${url}${OPENAI}`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(questionFor(OPENAI, false)),
  })

/** How a stream ended, and the id under which a worker that lives tells of it. */
function readStream({ url }: { url: string }): Promise<{ requestId: unknown; end: 'whole' | 'cut' }> {
  return new Promise((resolve) => {
    let body = ''
    let requestId: unknown
    const sent = request(`${url}${OPENAI}`, { method: 'POST', headers: json, agent: false }, (response) => {
      requestId = response.headers['x-request-id']
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece
      })
      response.on('error', () => {})
    })
    sent
      .on('error', () => {})
      .on('close', () => {
        resolve({ requestId, end: body.includes('last') && body.includes('[DONE]') ? 'whole' : 'cut' })
      })
    sent.end(JSON.stringify(questionFor(OPENAI, true)))
  })
}

async function addAccount({ url }: { url: string }, settings: object = {}): Promise<string> {
  const { clientId, clientSecret, refreshToken } = simulator.seed()
  const body = JSON.stringify({ clientId, clientSecret, refreshToken, ...settings })
  const answer = await send(`${url}/v2/accounts`, { method: 'POST', headers: json, body })
  const account: { id: string } = JSON.parse(answer.text)
  return account.id
}

const change = ({ url }: { url: string }, id: string, settings: object) =>
  send(`${url}/v2/accounts/${id}`, { method: 'PATCH', headers: json, body: JSON.stringify(settings) })

const chats = (lines: readonly Line[]) => lines.filter(({ path }) => path === OPENAI)

/** Asks until each worker has answered with the status. */
async function everyWorkerAnswers(workers: Workers, count: number, status: number): Promise<boolean> {
  const from = workers.lines.length
  await eventually(async () => {
    await ask(workers)
    const latest = new Map(chats(workers.lines.slice(from)).map((line) => [line.worker, line.status]))
    return latest.size === count && [...latest.values()].every((each) => each === status)
  }, SLOW_START_MS)
  return true
}

/** A stream that lasts until long after the test has done something to it. */
function planLongAnswers(times: number): void {
  const steps = [text('first '), delay(4000), text('last')]
  simulator.plan({ times, behaviour: { kind: 'steps', steps } })
}

/** Resolves when each of them has reached the service; `answers` when they have ended, well or badly. */
async function openStreams(workers: Workers, count: number) {
  const before = simulator.journal.of('GenerateAssistantResponse').length
  planLongAnswers(count)
  const answers = Promise.all(Array.from({ length: count }, () => readStream(workers)))
  await eventually(() => simulator.journal.of('GenerateAssistantResponse').length === before + count)
  return { answers }
}

describe('three workers', () => {
  let workers: Workers
  let accountId: string
  beforeAll(async () => {
    workers = await startWorkers(3)
  }, 2 * SLOW_START_MS)
  afterAll(() => workers.kill(), PATIENCE_MS)

  it('say once that they are ready, and how many they are', () => {
    expect(workers.readyLines()).toMatchObject([{ workers: 3, url: workers.url }])
    expect(workers.readyLines()[0]).not.toHaveProperty('worker')
  })

  it('use an account within seconds, whichever of them it was added through', async () => {
    expect(await everyWorkerAnswers(workers, 3, 401)).toBe(true)
    accountId = await addAccount(workers, { concurrencyLimit: 2 })
    expect(await everyWorkerAnswers(workers, 3, 200)).toBe(true)
  })

  it('answer no more at once through an account than it may, and lose no request over that', async () => {
    const before = simulator.journal.of('GenerateAssistantResponse').length
    simulator.plan({ times: 30, behaviour: { kind: 'steps', steps: [text('a'), delay(30), text('b')] } })
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(workers)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const entries = simulator.journal.of('GenerateAssistantResponse').slice(before)
    expect(new Set(entries.map(({ concurrency }) => concurrency))).toEqual(new Set([1, 2]))
  }, 60_000)

  it('count each success', async () => {
    await change(workers, accountId, { concurrencyLimit: null })
    const countOf = async () => {
      const { text: body } = await send(`${workers.url}/v2/accounts/${accountId}`)
      const account: { success_count: number } = JSON.parse(body)
      return account.success_count
    }
    const successes = () => chats(workers.lines).filter(({ status }) => status === 200).length
    const before = successes()
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 25 }, () => ask(workers)))
    }
    await eventually(() => successes() === before + 500)
    await eventually(async () => (await countOf()) === successes())
    expect(new Set(chats(workers.lines).map(({ worker }) => worker))).toEqual(new Set([1, 2, 3]))
  }, 60_000)

  it('stop using an account within seconds of its being switched off', async () => {
    await change(workers, accountId, { enabled: false })
    expect(await everyWorkerAnswers(workers, 3, 401)).toBe(true)
    await change(workers, accountId, { enabled: true })
    expect(await everyWorkerAnswers(workers, 3, 200)).toBe(true)
  }, 60_000)

  it('answer the connections that a worker was given and had not taken when it died', async () => {
    process.kill(workers.processOf(3), 'SIGSTOP')
    // Of these, one waits for the worker that stands still; it gets no other before it has taken that.
    const asked = Array.from({ length: 12 }, () => ask(workers))
    let answered = 0
    for (const each of asked) void each.then(() => (answered += 1))
    await eventually(() => answered === 11)
    process.kill(workers.processOf(3), 'SIGKILL')
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(asked.map(() => 200))
    expect(await everyWorkerAnswers(workers, 3, 200)).toBe(true)
  }, 120_000)

  it('go on when one of them is killed: the streams of the others end well, and its place is filled', async () => {
    const streams = await openStreams(workers, 9)
    process.kill(workers.processOf(2), 'SIGKILL')
    expect(await ask(workers)).toMatchObject({ status: 200 })
    const ends = await streams.answers
    const isTold = (id: unknown) => chats(workers.lines).some(({ requestId }) => requestId === id)
    const whole = ends.filter(({ end }) => end === 'whole')
    await eventually(() => whole.every(({ requestId }) => isTold(requestId)))
    // None of the others: a worker that lives would tell of a stream that was cut.
    expect(ends.filter(({ requestId, end }) => end === 'cut' && isTold(requestId))).toEqual([])
    expect(whole).not.toEqual([])
    expect(workers.lines.filter(({ msg }) => msg?.startsWith('a worker has died') === true)).toMatchObject([
      { worker: 3, signal: 'SIGKILL' },
      { worker: 2, signal: 'SIGKILL' },
    ])
    const back = workers.lines.length
    await eventually(async () => {
      await ask(workers)
      return chats(workers.lines.slice(back)).some(({ worker, status }) => worker === 2 && status === 200)
    }, SLOW_START_MS)
    expect(workers.readyLines()).toHaveLength(1)
  }, 120_000)

  it('let open answers finish at SIGTERM, and end with exit code 0', async () => {
    const streams = await openStreams(workers, 6)
    workers.signal('SIGTERM')
    expect((await streams.answers).filter(({ end }) => end === 'cut')).toEqual([])
    await workers.ended
    expect(workers.exitCode()).toBe(0)
    expect(workers.complaint()).toBe('')
  }, 60_000)
})

describe('workers', () => {
  const started: Started[] = []
  const keep = <Each extends Started>(each: Each) => {
    started.push(each)
    return each
  }
  afterEach(() => {
    for (const each of started.splice(0)) each.kill()
  })

  it('let open answers finish at a Ctrl-C, which reaches all of them at once', async () => {
    const workers = keep(await startWorkers(2))
    await addAccount(workers)
    await everyWorkerAnswers(workers, 2, 200)
    const streams = await openStreams(workers, 4)
    workers.signalAll('SIGINT')
    workers.signalAll('SIGINT')
    expect((await streams.answers).filter(({ end }) => end === 'cut')).toEqual([])
    await workers.ended
    expect(workers.exitCode()).toBe(0)
  }, 120_000)

  it('finish their open answers and end when the primary process is killed', async () => {
    const workers = keep(await startWorkers(2))
    await addAccount(workers)
    await everyWorkerAnswers(workers, 2, 200)
    const streams = await openStreams(workers, 4)
    workers.signal('SIGKILL')
    expect((await streams.answers).filter(({ end }) => end === 'cut')).toEqual([])
    await workers.ended
  }, 120_000)

  it.each([
    [
      'is no number of workers',
      () => ({ WORKERS: '65' }),
      'aqueduct: WORKERS must be a number from 1 to 64.\n',
    ],
    [
      'cannot be used by the first worker',
      () => ({ WORKERS: '2', PORT: new URL(simulator.url).port }),
      /^aqueduct: PORT \d+ of 127\.0\.0\.1 is in use: set another one\.\n$/,
    ],
  ])(
    'end with one line and exit code 78 when a setting %s',
    async (_case, settings, complaint) => {
      const failing = keep(startProgram(settings()))
      await failing.ended
      expect(failing.exitCode()).toBe(78)
      expect(failing.complaint()).toMatch(complaint)
      expect(failing.lines.filter(({ msg }) => msg === 'Aqueduct is ready')).toEqual([])
    },
    120_000,
  )

  it('go on when a new one cannot start, say why, and try again', async () => {
    const keyFile = join(folder, 'key')
    const key = randomBytes(32).toString('hex')
    writeFileSync(keyFile, key, { mode: 0o600 })
    const workers = keep(await startWorkers(2, { MASTER_KEY_FILE: keyFile }))
    rmSync(keyFile)
    process.kill(workers.processOf(2), 'SIGKILL')
    const failures = () => workers.lines.filter(({ exitCode }) => exitCode === 78)
    await eventually(() => failures().length > 1, SLOW_START_MS)
    expect(failures()[0]).toMatchObject({
      level: 50,
      worker: 2,
      reason: expect.stringMatching(/^MASTER_KEY_FILE/),
    })
    expect(await ask(workers)).toMatchObject({ status: 401 })
    expect(workers.complaint()).toBe('')
    writeFileSync(keyFile, key, { mode: 0o600 })
    expect(await everyWorkerAnswers(workers, 2, 401)).toBe(true)
  }, 120_000)

  it('all have the settings that were read at the start, also those that come later', async () => {
    const cwd = mkdtempSync(join(folder, 'settings-'))
    const file = join(cwd, '.env')
    writeFileSync(file, 'OPENAI_KEYS=first-key-of-the-test\n')
    const workers = keep(await startWorkers(2, {}, cwd))
    writeFileSync(file, 'OPENAI_KEYS=\nLOG_LEVEL=wrong\n')
    process.kill(workers.processOf(2), 'SIGKILL')
    const from = workers.lines.length
    await eventually(async () => {
      expect(await ask(workers)).toMatchObject({ status: 401, text: expect.stringContaining('key') })
      return chats(workers.lines.slice(from)).some(({ worker }) => worker === 2)
    }, SLOW_START_MS)
  }, 120_000)

  it('leave nobody waiting when all of them die at once', async () => {
    // A port of its own: with 0 each new socket has another one.
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const address = probe.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => void probe.close(resolve))
    const workers = keep(await startWorkers(2, { PORT: `${port}` }))
    const processes = [1, 2].map((worker) => workers.processOf(worker))
    for (const each of processes) process.kill(each, 'SIGSTOP')
    const connections = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'))
    for (const each of connections) each.on('error', () => {}).write('GET /healthz HTTP/1.1\r\n\r\n')
    await Promise.all(connections.map((each) => once(each, 'ready')))
    // Whatever the primary has accepted is with a worker, or behind one that is.
    await delayFor(200)
    const closed = connections.map((each) => new Promise((resolve) => void each.once('close', resolve)))
    for (const each of processes) process.kill(each, 'SIGKILL')
    expect(await Promise.all(closed)).toHaveLength(4)
    await eventually(async () => (await ask(workers).catch(() => undefined))?.status === 401, SLOW_START_MS)
  }, 120_000)
})

describe('a worker of another program', () => {
  const starter = `
    import cluster from 'node:cluster'
    cluster.setupPrimary({ exec: ${JSON.stringify(program)}, execArgv: [] })
    cluster.fork().on('exit', (code) => process.exit(code ?? 1))
  `

  it('is the gateway, as if it were alone', async () => {
    const other = startProgram({}, { code: starter })
    try {
      await eventually(() => other.lines.some(({ msg }) => msg === 'Aqueduct is ready'), SLOW_START_MS)
      const { url = '' } = other.lines.find(({ msg }) => msg === 'Aqueduct is ready') ?? {}
      expect(await ask({ url })).toMatchObject({ status: 401 })
    } finally {
      other.kill()
    }
  }, 120_000)

  it('cannot have workers of its own', async () => {
    const other = startProgram({ WORKERS: '2' }, { code: starter })
    await other.ended
    expect(other.exitCode()).toBe(78)
    expect(other.complaint()).toMatch(/^aqueduct: WORKERS must be 1 [^\n]*\n$/)
  }, 120_000)
})
