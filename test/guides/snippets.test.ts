/** The guides' snippets are run as they stand, with address and key of a gateway before the simulator in place of theirs. */
import { execFile, spawnSync } from 'node:child_process'
import { parseEnv, promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCurlExample } from '../curl-example.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readGuides } from './guide.ts'

const run = promisify(execFile)
const key = 'sk-of-the-guides-0123456789'
const snippets = readGuides().flatMap((guide) => guide.snippets)
const inLanguage = (...languages: string[]) => snippets.filter(({ language }) => languages.includes(language))

const curls = inLanguage('sh').filter(({ text }) => text.startsWith('curl '))
const hasCurl = spawnSync('curl', ['--version']).status === 0
const hasPython = spawnSync('python3', ['--version']).status === 0

/** All the names that some guide gives to models of the gateway. */
const aliases = snippets.flatMap(({ text }) => parseEnv(text)['MODEL_ALIASES'] ?? []).join(', ')

/** What the simulator answers to what the snippets ask. */
function answerTo(text: string): RegExp {
  if (text.includes('count_tokens')) return /"input_tokens":\s*[1-9]/
  if (text.includes('/v1/models')) return /"id":\s*"claude-sonnet-4\.5"/
  if (text.includes('/v1/usage')) return /"today"/
  return text.includes('get_weather') ? /"tool_calls"/ : /Say hello\./
}

describe('snippets of the guides', () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { OPENAI_KEYS: key, MODEL_ALIASES: aliases } })
  })
  afterAll(() => gateway.close())

  const here = (text: string) =>
    text
      .replaceAll(/https?:\/\/(127\.0\.0\.1:8000|aqueduct:8000|q\.example\.com)/g, gateway.url)
      .replaceAll('YOUR_KEY', key)

  it.concurrent.each(curls)('$guide, $title: curl is answered', async ({ text }) => {
    expect(await (hasCurl ? askByCurl(here(text)) : askByFetch(here(text)))).toMatch(answerTo(text))
  })

  it.concurrent.each(inLanguage('ts'))(
    '$guide, $title: runs in Node',
    { timeout: 60_000 },
    async ({ text }) => {
      const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', here(text)])
      expect(stdout).toMatch(answerTo(text))
    },
  )

  it.runIf(hasPython)('in Python are Python', () => {
    const programs = inLanguage('python').map(({ text }) => text)
    const compile = 'import json, sys\nfor text in json.load(sys.stdin): compile(text, "snippet", "exec")'
    const { status, stderr } = spawnSync('python3', ['-c', compile], { input: JSON.stringify(programs) })
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' })
    expect(programs.length).toBeGreaterThan(4)
  })

  it('name models that the gateway lists', async () => {
    const response = await gateway.fetch('/v1/models', { headers: { authorization: `Bearer ${key}` } })
    const { data }: { data: { id: string }[] } = JSON.parse(await response.text())
    const listed = new Set(data.map(({ id }) => id))
    const named = snippets.flatMap(({ text }) => text.match(/\b(claude-[a-z]+-\d[\d.]*|q-[a-z]+)\b/g) ?? [])
    expect(named.length).toBeGreaterThan(40)
    expect([...new Set(named)].filter((name) => !listed.has(name))).toEqual([])
  })

  it('are in a form that the service takes', () => {
    expect(() => gateway.assertNoViolation()).not.toThrow()
  })
})

/** Fails at any status but 200. */
async function askByCurl(command: string): Promise<string> {
  const options = 'curl --silent --fail-with-body --noproxy "*" '
  const { stdout } = await run('sh', ['-c', command.replace('curl ', options)])
  return stdout
}

async function askByFetch(command: string): Promise<string> {
  const { url, init } = readCurlExample(command)
  const response = await fetch(url, init)
  expect(response.status).toBe(200)
  return response.text()
}
