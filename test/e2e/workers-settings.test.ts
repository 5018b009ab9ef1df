/** What an operator sets through one worker holds in the others too: the program as it is built, with two of them. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { eventually, openPrograms, SLOW_START_MS, type Workers } from '../program-under-test.ts'
import { OPENAI, questionFor } from '../read-answer.ts'
import { send, type Answer } from '../send.ts'

const launcher: { buildBundle(node: string): Promise<void> } = createRequire(import.meta.url)(
  '../../bin/launcher/build.cjs',
)
const program = join(import.meta.dirname, '../../dist/main.js')
const programs = openPrograms()
const json = { 'content-type': 'application/json' }
const MODELS = '/v1/models'
const SETTINGS = '/v2/settings'
const ALIAS = 'a-name-of-our-own'

const settingsAnswer = z.object({
  revision: z.number(),
  settings: z.array(
    z.object({
      name: z.string(),
      value: z.string().nullable(),
      source: z.string(),
      pending: z.object({ value: z.string().nullable() }).nullable(),
    }),
  ),
})
const createdKey = z.object({ id: z.string(), key: z.string() })

let simulator: Simulator
let workers: Workers
beforeAll(async () => {
  await launcher.buildBundle(process.execPath)
  simulator = await startSimulator()
  workers = await start()
  const { clientId, clientSecret, refreshToken } = simulator.seed()
  await ask('/v2/accounts', { method: 'POST', body: { clientId, clientSecret, refreshToken } })
  await bothAnswer(
    () => chat(),
    ({ status }) => status === 200,
  )
}, 3 * SLOW_START_MS)
afterAll(async () => {
  workers.kill()
  await simulator.close()
  programs.close()
})

function start(): Promise<Workers> {
  const settings = {
    AMAZON_Q_ENDPOINT: simulator.url,
    OIDC_ENDPOINT: simulator.url,
    // Kept from one start to the next.
    DATA_DIR: join(programs.folder, 'data'),
  }
  return programs.startWorkers(2, settings, { program })
}

interface Asking {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

/** Each request on a connection of its own, so that they go round both workers. */
function ask(path: string, { method = 'GET', body, headers = {} }: Asking = {}): Promise<Answer> {
  if (body === undefined) return send(`${workers.url}${path}`, { method, headers })
  const given = { headers: { ...json, ...headers }, body: JSON.stringify(body) }
  return send(`${workers.url}${path}`, { method, ...given })
}

const chat = (model = 'claude-sonnet-4.5', key?: string) =>
  ask(OPENAI, {
    method: 'POST',
    body: { ...questionFor(OPENAI, false), model },
    ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
  })

/** Which of them it was: the log says so, a moment after the answer. */
async function workerOf(id: unknown): Promise<number> {
  const find = () => workers.lines.find(({ requestId, path }) => requestId === id && path !== undefined)
  await eventually(() => find()?.worker !== undefined)
  return find()?.worker ?? 0
}

/** Asks until the last answer of each of them is such a one. */
async function bothAnswer(
  question: () => Promise<Answer>,
  isSuch: (answer: Answer) => boolean,
): Promise<number[]> {
  const latest = new Map<number, boolean>()
  await eventually(async () => {
    const answer = await question()
    latest.set(await workerOf(answer.headers['x-request-id']), isSuch(answer))
    return latest.size === 2 && [...latest.values()].every((each) => each)
  })
  return [...latest.keys()].toSorted((a, b) => a - b)
}

async function readSettings() {
  return settingsAnswer.parse(JSON.parse((await ask(SETTINGS)).text))
}

async function change(settings: Record<string, string | null>): Promise<Answer> {
  const { revision } = await readSettings()
  return ask(SETTINGS, { method: 'PATCH', body: { revision, settings } })
}

const isRenamed = ({ status, headers }: Answer) =>
  status === 200 && headers['x-aqueduct-model'] === 'claude-haiku-4.5'
const isRevoked = ({ status, text }: Answer) => status === 401 && text.includes('revoked')

/** The time for heads of requests, which was 15 s at the start and is to be 9 s after a restart. */
function waitsForRestart({ text }: Answer): boolean {
  const { settings } = settingsAnswer.parse(JSON.parse(text))
  const setting = settings.find(({ name }) => name === 'HEADERS_TIMEOUT_SECONDS')
  return setting?.value === '15' && setting.pending?.value === '9'
}

describe('two workers', () => {
  it('both act by a setting that one of them was told, and their clients see it', async () => {
    expect(
      await bothAnswer(
        () => chat(ALIAS),
        ({ status }) => status === 404,
      ),
    ).toEqual([1, 2])
    expect(await change({ MODEL_ALIASES: `${ALIAS}=claude-haiku-4.5` })).toMatchObject({ status: 200 })
    expect(await bothAnswer(() => chat(ALIAS), isRenamed)).toEqual([1, 2])
    const isListed = ({ text }: Answer) => text.includes(`"${ALIAS}"`)
    expect(await bothAnswer(() => ask(MODELS), isListed)).toEqual([1, 2])
  })

  it('tell the same of a setting at once, whichever of them was told', async () => {
    for (const value of ['41', '42', '43', '44']) {
      expect(await change({ MAX_ERROR_COUNT: value })).toMatchObject({ status: 200 })
      const told = await Promise.all(Array.from({ length: 4 }, readSettings))
      const values = told.map(
        ({ settings }) => settings.find(({ name }) => name === 'MAX_ERROR_COUNT')?.value,
      )
      expect(values).toEqual([value, value, value, value])
    }
  })

  it('take one of two changes that are made at the same time, and refuse the other one', async () => {
    const { revision } = await readSettings()
    const answers = await Promise.all(
      ['51', '52'].map((value) =>
        ask(SETTINGS, { method: 'PATCH', body: { revision, settings: { MAX_SESSIONS: value } } }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })

  it('go by the same where a change waits for a restart, also one that takes the place of a dead one', async () => {
    expect(await change({ HEADERS_TIMEOUT_SECONDS: '9' })).toMatchObject({ status: 200 })
    process.kill(workers.processOf(2), 'SIGKILL')
    const from = workers.lines.length
    await eventually(async () => {
      await chat()
      return workers.lines.slice(from).some(({ worker, status }) => worker === 2 && status === 200)
    }, SLOW_START_MS)
    expect(await bothAnswer(() => ask(SETTINGS), waitsForRestart)).toEqual([1, 2])
  })

  it('share a limit anew when it is set', async () => {
    // One for each of them.
    expect(await change({ MAX_CONCURRENT_REQUESTS: '2', ACCOUNT_WAIT_SECONDS: '0' })).toMatchObject({
      status: 200,
    })
    const leaving: AbortController[] = []
    const full = new Set<number>()
    const slow = questionFor(OPENAI, true, '[[sim:stall]]')
    await eventually(async () => {
      const own = new AbortController()
      const answer = await fetch(`${workers.url}${OPENAI}`, {
        method: 'POST',
        headers: { ...json, connection: 'close' },
        body: JSON.stringify(slow),
        signal: own.signal,
      })
      if (answer.status === 503) full.add(await workerOf(answer.headers.get('x-request-id')))
      else leaving.push(own)
      return full.size === 2
    })
    // Until it is told, one of them may let several in.
    expect(leaving.length).toBeGreaterThanOrEqual(2)
    for (const each of leaving) each.abort()
    expect(await change({ MAX_CONCURRENT_REQUESTS: null, ACCOUNT_WAIT_SECONDS: null })).toMatchObject({
      status: 200,
    })
    expect(
      await bothAnswer(
        () => chat(),
        ({ status }) => status === 200,
      ),
    ).toEqual([1, 2])
  })

  it('both let a key in that one of them has made, and neither after it was revoked', async () => {
    const made = await ask('/v2/keys', { method: 'POST', body: { name: 'of one worker' } })
    const { id, key } = createdKey.parse(JSON.parse(made.text))
    expect(
      await bothAnswer(
        () => chat(undefined, key),
        ({ status }) => status === 200,
      ),
    ).toEqual([1, 2])
    // The first key closes the gateway to whoever has none.
    expect(
      await bothAnswer(
        () => chat(),
        ({ status }) => status === 401,
      ),
    ).toEqual([1, 2])
    expect(await ask(`/v2/keys/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200 })
    expect(await bothAnswer(() => chat(undefined, key), isRevoked)).toEqual([1, 2])
  })

  it('keep both after a restart', async () => {
    const made = await ask('/v2/keys', { method: 'POST', body: { name: 'kept' } })
    const { key } = createdKey.parse(JSON.parse(made.text))
    workers.signal('SIGTERM')
    await workers.ended
    expect(workers.exitCode()).toBe(0)
    workers = await start()
    expect(await bothAnswer(() => chat(ALIAS, key), isRenamed)).toEqual([1, 2])
    expect(
      await bothAnswer(
        () => chat(),
        ({ status }) => status === 401,
      ),
    ).toEqual([1, 2])
    const { settings } = await readSettings()
    const find = (wanted: string) => settings.find(({ name }) => name === wanted)
    expect(find('MODEL_ALIASES')).toMatchObject({ value: `${ALIAS}=claude-haiku-4.5`, source: 'console' })
    expect(find('HEADERS_TIMEOUT_SECONDS')).toMatchObject({ value: '9', pending: null })
  })
})
