/** Follows docs/guides/moving-from-q2api.md with q2api's database and settings, then asks what its README asks. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { readConfig } from '../../src/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { createLogger } from '../../src/program/create-logger.ts'
import { openCliUnderTest, type CliUnderTest } from '../cli-under-test.ts'
import { readCurlExample } from '../curl-example.ts'
import { guidesFolder } from '../guides/guide.ts'
import { createFolder, q2apiRow, writeQ2api } from '../import-samples.ts'
import { codeBlocksOf } from '../markdown.ts'

const guide = readFileSync(join(guidesFolder, 'moving-from-q2api.md'), 'utf8')
const steps = codeBlocksOf(guide).map(({ text }) => text.trim())
/** After `aqueduct`: the commands of the guide, in order. */
const commands = steps.flatMap((step) => /^npm run aqueduct -- (.*)$/.exec(step)?.[1] ?? [])

/** As q2api's own sample has it, filled in. */
const q2apiSettings = `# 数据库连接URL（留空使用本地SQLite）
DATABASE_URL=""
OPENAI_KEYS="first-client-key-0001,your-api-key-0000002"
TOKEN_COUNT_MULTIPLIER="1.0"
MAX_ERROR_COUNT=50
HTTP_PROXY=""
ENABLE_CONSOLE="true"
ADMIN_PASSWORD="admin"
PORT=8000
LAZY_ACCOUNT_POOL_ENABLED="false"
LAZY_ACCOUNT_POOL_ORDER_BY="created_at"
DEBUG_MESSAGE_CONVERSION="false"
`
const password = 'a password of my own'
const key = 'your-api-key-0000002'

const works = [1, 2, 3].map((number) => `works account ${number}`)

let simulator: Simulator
let folder: ReturnType<typeof createFolder>
let cli: CliUnderTest
let environment: Record<string, string>
const secrets: string[] = []

beforeAll(async () => {
  simulator = await startSimulator()
  folder = createFolder()
  mkdirSync(folder.pathOf('q2api'))
  mkdirSync(folder.pathOf('aqueduct'))
  const rows = [1, 2, 3].map((number) => {
    const { clientId, clientSecret, refreshToken } = simulator.seed()
    secrets.push(clientSecret, refreshToken)
    const created = `2025-11-02T10:20:3${number}`
    const enabled = number === 3 ? 0 : 1
    return q2apiRow(number, { clientId, clientSecret, refreshToken, enabled, created_at: created })
  })
  writeQ2api(folder.pathOf('q2api/data.sqlite3'), [...rows, q2apiRow(4, { refreshToken: null })])
  writeFileSync(folder.pathOf('q2api/.env'), q2apiSettings)
  environment = {
    AMAZON_Q_ENDPOINT: simulator.url,
    OIDC_ENDPOINT: simulator.url,
    DATA_DIR: folder.pathOf('aqueduct/data'),
    INIT_CWD: folder.pathOf('aqueduct'),
  }
  cli = openCliUnderTest(environment)
})
afterAll(async () => {
  cli.close()
  folder.remove()
  await simulator.close()
})

/** The settings that the guide has its reader make. */
function moveSettings(): Record<string, string | undefined> {
  expect(steps).toContain('cp ../q2api/.env .env')
  const path = folder.pathOf('aqueduct/.env')
  copyFileSync(folder.pathOf('q2api/.env'), path)
  writeFileSync(path, readFileSync(path, 'utf8').replace('"admin"', `"${password}"`))
  return parseEnv(readFileSync(path, 'utf8'))
}

async function start(settings: Record<string, string | undefined>) {
  const config = readConfig({ ...settings, ...environment, PORT: '0' })
  const logger = createLogger({ level: 'silent', base: null, output: { write() {} } })
  return startGateway(config, logger, { version: '0.0.0-test' })
}

const source = () => readFileSync(folder.pathOf('q2api/data.sqlite3')).toString('base64')
const run = (command = '', answers?: readonly string[]) => cli.run(command, answers && { answers })

describe('moving from q2api', () => {
  it("refuses q2api's default password", async () => {
    await expect(start(parseEnv(q2apiSettings))).rejects.toThrow('ADMIN_PASSWORD')
  })

  it('goes as the guide says, and leaves q2api as it was', async () => {
    const before = source()
    const [rehearse, take, test] = commands
    const rehearsal = await run(rehearse)
    expect(rehearsal.output).toContain('3 would be created, 0 duplicates, 1 invalid')
    expect(simulator.journal.violations()).toEqual([])

    const settings = moveSettings()
    const taken = await run(take, ['y'])
    expect(taken.output).toContain('3 created, 0 duplicates, 1 invalid')
    expect((await run(take, ['y'])).output).toContain('0 created, 3 duplicates, 1 invalid')
    expect(source()).toBe(before)

    const gateway = await start(settings)
    try {
      expect((await run(test)).output.split('\n').toSorted()).toEqual(['', ...works])
      await askAsBefore(gateway.url)
    } finally {
      await gateway.close()
    }
  }, 30_000)
})

/** What is in q2api's README, with its quotes and its way to continue a line. */
async function askAsBefore(url: string): Promise<void> {
  const ask = async (command: string) => {
    const { url: asked, init } = readCurlExample(command.replaceAll('your-api-key', key))
    const answer = await fetch(asked.replace('http://localhost:8000', url), init)
    return { status: answer.status, text: await answer.text() }
  }
  const operator = `-H "Content-Type: application/json" -H "Authorization: Bearer ${password}"`
  const client = '-H "Content-Type: application/json" -H "Authorization: Bearer your-api-key"'
  const messages = '"messages": [{"role": "user", "content": "你好"}]'

  const listed = await ask(`curl http://localhost:8000/v2/accounts ${operator}`)
  expect(secrets.filter((secret) => listed.text.includes(secret))).toEqual([])
  expect(secrets).toHaveLength(6)
  const { accounts } = { accounts: [], ...Object(JSON.parse(listed.text)) }
  expect(accounts).toMatchObject([
    { enabled: false },
    { enabled: true },
    { label: 'account 1', enabled: true },
  ])
  expect(JSON.stringify(accounts)).toContain('"created_at":"2025-11-02T10:20:31Z"')
  const { id } = { id: '', ...Object(accounts[0]) }
  const own = steps.find((step) => step.startsWith('curl')) ?? ''

  const asked = [
    own,
    `curl -X POST http://localhost:8000/v1/chat/completions \\\n ${client} \\\n -d '{"model": "claude-sonnet-4", "stream": false, "messages": [{"role": "system", "content": "你是一个乐于助人的助手"}, {"role": "user", "content": "你好"}]}'`,
    `curl -N -X POST http://localhost:8000/v1/chat/completions \\\n ${client} \\\n -d '{"model": "claude-sonnet-4", "stream": true, ${messages}}'`,
    `curl -X POST http://localhost:8000/v1/messages \\\n -H "Content-Type: application/json" -H "x-api-key: your-api-key" -d '{"model": "claude-sonnet-4.5", "max_tokens": 1024, ${messages}}'`,
    `curl -X POST http://localhost:8000/v1/messages/count_tokens ${client} -d '{"model": "claude-sonnet-4.5", ${messages}}'`,
    `curl -X PATCH http://localhost:8000/v2/accounts/${id} ${operator} -d '{"enabled": true}'`,
    `curl -X POST http://localhost:8000/v2/accounts/${id}/refresh -H "Authorization: Bearer ${password}"`,
    `curl -X POST http://localhost:8000/v2/auth/start ${operator} -d '{"label": "新账号", "enabled": true}'`,
    `curl -X DELETE http://localhost:8000/v2/accounts/${id} -H "Authorization: Bearer ${password}"`,
    'curl http://localhost:8000/healthz',
    'curl http://localhost:8000/docs',
  ]
  for (const command of asked) {
    const { status, text } = await ask(command)
    expect({ command, status, text: status === 200 ? '' : text }).toEqual({ command, status: 200, text: '' })
  }
  const wrong = await ask(`curl http://localhost:8000/v1/messages -H "x-api-key: another" -d '{}'`)
  expect(wrong.status).toBe(401)
}
