/** What the playground gives away as code is run as it stands, and asks the model for what was meant. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCurl } from '../../console/pages/playground/code/write-curl.ts'
import { writePython, writeTypeScript } from '../../console/pages/playground/code/write-sdk.ts'
import { dialectNames, type DialectName } from '../../console/pages/playground/dialects.ts'
import { NO_WISHES, type Wishes } from '../../console/pages/playground/request/turns.ts'
import { writeRequest } from '../../console/pages/playground/request/write-request.ts'
import { presets } from '../../console/pages/playground/tools/presets.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const run = promisify(execFile)
const hasCurl = spawnSync('curl', ['--version']).status === 0
const key = 'a-client-key-of-the-environment-1234'
const cache = join(import.meta.dirname, '..', '..', '.cache')

let gateway: GatewayUnderTest
let folder: string
beforeAll(async () => {
  gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: key } })
  mkdirSync(cache, { recursive: true })
  // Within the repository, where programs find the libraries.
  folder = mkdtempSync(join(cache, 'playground-code-'))
})
afterAll(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

/** With all that a shell or a language might take for its own. */
const HARD = 'It\'s "hard": $HOME `id` \\n ${x} %s\nJSON\nJSON_END\n你好 🚀 \u2028.'

function requestOf(dialect: DialectName, changes: Partial<Wishes> = {}) {
  const wishes = { ...NO_WISHES, dialect, model: 'claude-sonnet-4.5', tools: presets, ...changes }
  return writeRequest(wishes, [{ role: 'user', text: HARD, pictures: [] }])
}

/** What the model was asked last. */
function lastPrompt(): string {
  const call = gateway.simulator.journal.of('GenerateAssistantResponse').at(-1)
  return JSON.stringify(call?.body)
}
const environment = () => ({ ...process.env, AQUEDUCT_KEY: key })

describe.each(dialectNames)('a request of %s as code', (dialect) => {
  it.runIf(hasCurl)('for curl is what was meant', async () => {
    const file = join(folder, `${dialect}.sh`)
    writeFileSync(file, writeCurl(requestOf(dialect), gateway.url))
    const { stdout } = await run('sh', [file], { env: environment() })
    expect(stdout).toContain('data: ')
    expect(lastPrompt()).toContain(JSON.stringify(HARD).slice(1, -1))
    expect(lastPrompt()).toContain('get_weather')
  })

  it.each([true, false])('in TypeScript is what was meant; streamed: %s', async (stream) => {
    const file = join(folder, `${dialect}-${stream}.mts`)
    const code = writeTypeScript(
      requestOf(dialect, { stream, thinking: 'on', budgetTokens: 1024 }),
      gateway.url,
    )
    writeFileSync(file, code)
    const { stdout } = await run(process.execPath, [file], { env: environment() })
    expect(stdout).toContain('You said: ')
    expect(lastPrompt()).toContain(JSON.stringify(HARD).slice(1, -1))
    expect(lastPrompt()).toContain('get_weather')
  })

  it('holds no key', () => {
    const request = requestOf(dialect)
    for (const write of [writeCurl, writeTypeScript, writePython]) {
      expect(write(request, gateway.url)).toContain('AQUEDUCT_KEY')
    }
  })

  it('in Python has its own words for what JSON has', () => {
    const request = { dialect, body: { model: 'm', stream: false, odd: { a: [true, null, 1.5, {}, []] } } }
    const code = writePython(request, 'http://127.0.0.1:1')
    expect(code).toContain('stream=False,')
    expect(code).toMatch(/extra_body=\{\s+"odd": \{\s+"a": \[\s+True,\s+None,\s+1\.5,\s+\{\},\s+\[\],/)
  })
})
